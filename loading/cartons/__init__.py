"""Loose cartons: blocks of boxes set into maximal free spaces, by a beam search in compiled code."""
