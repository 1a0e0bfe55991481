"""Two processes: the student's kernel runs the student's cells, the referee runs the instructor's tests."""
