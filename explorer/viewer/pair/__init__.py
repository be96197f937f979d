"""The component that shows one measured pair, with boxes, hot spots and what a cell sees."""
