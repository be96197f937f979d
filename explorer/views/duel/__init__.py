"""The page Duel: what does a metric not see?"""
