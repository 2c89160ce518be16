"""What is learned, as pages. Nothing is computed in a request."""
