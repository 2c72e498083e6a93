"""Which way, by whom, in whose box? Places, distances, bids, runs, round use and selection."""
