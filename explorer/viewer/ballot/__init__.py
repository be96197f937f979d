"""The component that shows one trial after the other to a participant, and keeps an answer until it is saved."""
