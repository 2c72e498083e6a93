"""Rules that need more than one cell: each is one named function and adds its findings."""

from __future__ import annotations

from scenarios.rules.award import (
    report_contradictions,
    report_own_shares,
    report_rule_values,
)
from scenarios.rules.bids import (
    report_charge_bases,
    report_charges,
    report_lanes_of_bids,
    report_missing_exchange_rates,
    report_mixed_gwps,
    report_own_co2e,
    report_rate_bases,
    report_services,
    report_uncovered_legs,
    report_validities,
    report_volume_units,
    report_weight_bounds,
)
from scenarios.rules.context import Context
from scenarios.rules.demand import (
    report_baseline_shares,
    report_baseline_ways,
    report_free_until_before_available,
    report_orders_outside_period,
    report_places_without_bids,
    report_ready_after_due,
    report_same_ends,
)
from scenarios.rules.doubts import (
    report_minimums_above_capacity,
    report_opposite_rates,
    report_remote_lanes_without_bids,
    report_rules_twice,
)
from scenarios.rules.equipment import (
    fill_equipment,
    report_axles,
    report_equipment_twice,
    report_reserved,
)
from scenarios.rules.factors import report_own_factors
from scenarios.rules.fuel import report_fuel_charges, report_fuel_rows, report_uncovered_fuel
from scenarios.rules.goods import (
    report_masses,
    report_order_lines,
    report_several_current_packagings,
    report_skus_without_packaging,
    report_units_that_fit_nothing,
)
from scenarios.rules.percentages import report_percent_bases, report_percent_order
from scenarios.rules.pins import (
    report_clashing_pins,
    report_pinned_keys,
    report_pinned_things,
)
from scenarios.rules.places import (
    report_far_from_unlocode,
    report_half_coordinates,
    report_handling_ttw_above_wtw,
    report_unlocodes,
    report_unresolved_coordinates,
)
from scenarios.rules.references import (
    report_unknown_bids,
    report_unknown_carriers,
    report_unknown_equipment,
    report_unknown_fuel_tables,
    report_unknown_lanes,
    report_unknown_packagings,
    report_unknown_places,
    report_unknown_skus,
)
from scenarios.rules.tender import (
    report_bundles,
    report_circular_interchange,
    report_discounts,
    report_own_interchange,
    report_scopes,
    report_tiers,
)

RULES = (
    fill_equipment,
    report_equipment_twice,
    report_axles,
    report_reserved,
    report_unlocodes,
    report_half_coordinates,
    report_unresolved_coordinates,
    report_far_from_unlocode,
    report_handling_ttw_above_wtw,
    report_unknown_places,
    report_unknown_carriers,
    report_unknown_skus,
    report_unknown_equipment,
    report_unknown_lanes,
    report_unknown_packagings,
    report_unknown_bids,
    report_unknown_fuel_tables,
    report_order_lines,
    report_skus_without_packaging,
    report_several_current_packagings,
    report_masses,
    report_units_that_fit_nothing,
    report_ready_after_due,
    report_free_until_before_available,
    report_same_ends,
    report_places_without_bids,
    report_orders_outside_period,
    report_baseline_ways,
    report_baseline_shares,
    report_validities,
    report_weight_bounds,
    report_rate_bases,
    report_services,
    report_volume_units,
    report_own_co2e,
    report_own_factors,
    report_mixed_gwps,
    report_uncovered_legs,
    report_lanes_of_bids,
    report_charges,
    report_charge_bases,
    report_percent_bases,
    report_percent_order,
    report_missing_exchange_rates,
    report_scopes,
    report_tiers,
    report_bundles,
    report_discounts,
    report_own_interchange,
    report_circular_interchange,
    report_rule_values,
    report_contradictions,
    report_own_shares,
    report_rules_twice,
    report_remote_lanes_without_bids,
    report_minimums_above_capacity,
    report_opposite_rates,
    report_pinned_keys,
    report_pinned_things,
    report_clashing_pins,
    report_fuel_rows,
    report_fuel_charges,
    report_uncovered_fuel,
)


def apply_rules(context: Context) -> None:
    """Let every rule speak; the first ones normalise names that the later ones compare."""
    for rule in RULES:
        rule(context)
