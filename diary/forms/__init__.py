"""What people type into the diary's forms: text to values, and kind refusals."""
