"""Choose what each order travels in, on which run, by whom and in whose box.

Sets       o orders    k in K_o packagings of o    g in G_o groups open to o (options.py)
           r in R_g runs of g    j part loads open to o    h logistics centres open to o
           a arcs, b offers (arcs.py)    i stocks of boxes, e pools (reuse.py)
Data       N_ok handling units    m_k kg, v_k m3 of one    f_kg its share of a load unit's floor
           V_g m3 of a load unit of g    L_r kg of cargo that one of r may hold at most
           z_g room that may be used (0 to 1, by the baseline)    x_g floor shares, raised by cuts
           l_k, F_kg layers of k, and stacks of it that the floor takes
Decide     t_ok in {0, 1}        o is put up in k (only where there are several, else 1)
           u_ogk integer >= 0    handling units of o in k that travel in g (all or none where o may
                                 not be split)
           p_ojk in {0, 1}       o travels whole as part load j
           s_ok integer >= 0     handling units left unserved
           n_gr integer >= 0     load units on r
           c_gr >= 0             their cargo, kg (where a group has several runs)
           q_gk integer >= 0     stacks of k (where g mixes kinds of stacks)
           e_gr in {0, 1}        g goes on r (where a cut holds it to one run)
So that    sum_k t_ok = 1                                                    (one_packaging)
           sum_(g direct, g in to any h) u_ogk + N_ok sum_j p_ojk + s_ok = N_ok t_ok   (served)
           units in to h = units out of h, every o, k, h                     (met)
           units out of h by day d <= units in to h by d less its dwell      (kept)
           sum_ok v_k u_ogk <= z_g V_g sum_r n_gr                            (volume)
           x_g sum_ok f_kg u_ogk <= z_g sum_r n_gr                           (floor)
           sum_o u_ogk <= l_k q_gk,  x_g sum_k q_gk / F_kg <= z_g sum_r n_gr (stacks, stack_floor)
           sum_ok m_k u_ogk = sum_r c_gr,  c_gr <= z_g L_r n_gr              (cargo, limit)
           or, with one run, sum_ok m_k u_ogk <= z_g L_r n_gr                (mass)
           u_ogk <= N_ok sum_r n_gr, where all of o needs less than one      (needs_one)
           n_gr <= M_g e_gr,  sum_r e_gr <= 1, where a cut asks for it       (on_run, one_run)
           n_gr and c_gr are load units and cargo on the arcs of r           (carried, arcs.py)
           rebates, bundles and rules of the award on the volumes of bids    (tender_rows.py)
Minimise   unserved, then late days, then the objective of the settings, lexicographically
           (selection.py); CO2e in kg WTW, cost in the project's currency

The cargo column makes the slope of the payload curve and factors per tonne-kilometre exact, so the
plan's CO2e is the report's CO2e and the bound is a bound on it (docs/decisions/cargo-columns.md).
"""

from __future__ import annotations

from lowhaul.linear import LinearModel, add_terms
from routing.arcs import Arcs
from routing.model_groups import GroupRows
from routing.model_orders import OrderRows, PartRows
from routing.options import Options
from routing.plan_model import Cuts, PartKey, PlanModel, UnitKey
from routing.reuse import Reuse, return_of
from routing.runs import is_paid

__all__ = ["Cuts", "PartKey", "PlanModel", "UnitKey", "build_model", "is_paid"]


def build_model(options: Options, cuts: Cuts) -> PlanModel:
    """Build the model of this module's docstring; the same options and cuts give the same text."""
    case, network = options.case, options.network
    linear = LinearModel()
    arcs = Arcs(case, network, linear)
    reuse = Reuse(case, arcs, linear)
    model = PlanModel(options, linear, arcs, reuse)
    group_rows, part_rows = GroupRows(model, cuts), PartRows(model)
    for group in options.groups:
        group_rows.add(group)
    for option in options.parts:
        part_rows.add(option)
    order_rows = OrderRows(model)
    for key in options.packed:
        order_rows.serve(key)
    model.goods_rows = len(linear.rows)
    boxed = reuse.reusable_arcs()
    arcs.build(boxed)
    reuse.build(boxed)
    arcs.limit_bids([*(o for link in network.links for o in link.offers), *network.part_offers])
    model.tender = arcs.tender.rows(linear)
    add_terms(arcs.cost, model.tender.cost)
    arcs.used_columns += model.tender.columns
    for boxes in case.empties:
        if boxes.ours:
            back = return_of(case, boxes)
            model.constant_cost += boxes.quantity * back.cost
            model.constant_co2e += boxes.quantity * back.co2e.wtw_kg
    return model
