"""YAML into the model: the only package that knows YAML or pydantic."""
