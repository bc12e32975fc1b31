"""What the benchmarks that write pages share: exams, resampling, sums of themes, Markdown."""
