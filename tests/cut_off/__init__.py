"""Nothing that the tests start reaches another machine; see `sitecustomize` and `__main__`."""
