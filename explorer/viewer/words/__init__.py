"""The component of the glossary."""
