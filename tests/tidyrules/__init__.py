"""The rules of tests/tidy.py, a file a family. See tree.py first."""
