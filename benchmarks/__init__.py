"""What the product costs beside its floor: `python -m benchmarks`, from the project's root."""
