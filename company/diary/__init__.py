"""The diary: what a real company's systems would record of the weeks lived."""
