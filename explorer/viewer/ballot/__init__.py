"""The component that shows a participant trial after trial, and keeps answers until they are saved."""
