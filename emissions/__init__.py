"""How much CO2e does moving this make? Factors, laws of emission, activity and footprint."""
