"""What if? Project inputs, scenarios, result tables, comparison, report and maps."""
