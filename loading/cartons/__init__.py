"""Loose cartons: blocks of boxes in maximal free spaces, by a compiled beam search."""
