"""The constructs of random programs, a module each: what adds its statements to those that `Maker` knows."""
