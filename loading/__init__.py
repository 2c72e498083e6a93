"""How many containers, how full? Handling units, equipment, stacking, packing and its check."""
