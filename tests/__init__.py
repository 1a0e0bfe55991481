"""Tests of cs231n_kit and of the course made with it."""
