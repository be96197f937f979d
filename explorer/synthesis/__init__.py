"""Pictures made by a metric's gradient: what a metric says of them was the aim, and not what people see."""
