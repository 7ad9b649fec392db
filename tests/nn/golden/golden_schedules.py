"""Cases of learning rate schedules: rates at some steps, from the formulas of Keras."""
import math

INITIAL = 0.3


def case(type_name, formula, steps=(0, 1, 3, 9, 10, 11, 19, 20, 29, 30, 31, 70, 150, 1000), **keys):
    schedule = {"type": type_name, **keys}
    return {"schedule": schedule, "steps": list(steps), "rates": [float(formula(step)) for step in steps]}


def decayed(type_name, formula, **keys):
    return case(type_name, formula, initial_learning_rate=INITIAL, **keys)


def polynomial(step, steps, end, power, cycle):
    steps = steps * max(1, math.ceil(step / steps)) if cycle else steps
    return (INITIAL - end) * (1 - min(step, steps) / steps) ** power + end


def cosine(step, steps, alpha=0.0, top=INITIAL):
    return top * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * min(step, steps) / steps)) + alpha)


def restarts(step, first, growth, factor, alpha):
    period, length = 0, first
    while step >= length:
        step, length, period = step - length, length * growth, period + 1
    height = factor**period * 0.5 * (1 + math.cos(math.pi * step / length))
    return INITIAL * ((1 - alpha) * height + alpha)


def warmup(step):
    return 0.3 + (0.5 - 0.3) * step / 20 if step < 20 else cosine(step - 20, 50, 0.1, 0.5)


def cases():
    yield "exponential", decayed("exponential_decay", lambda s: INITIAL * 0.5 ** (s / 10), decay_steps=10,
                                 decay_rate=0.5)
    yield "exponential_staircase", decayed("exponential_decay", lambda s: INITIAL * 0.5 ** (s // 10), decay_steps=10,
                                           decay_rate=0.5, staircase=True)
    yield "inverse_time", decayed("inverse_time_decay", lambda s: INITIAL / (1 + 0.7 * s / 10), decay_steps=10,
                                  decay_rate=0.7)
    yield "inverse_time_staircase", decayed("inverse_time_decay", lambda s: INITIAL / (1 + 0.7 * (s // 10)),
                                            decay_steps=10, decay_rate=0.7, staircase=True)
    yield "polynomial", decayed("polynomial_decay", lambda s: polynomial(s, 30, 1e-4, 1, False), decay_steps=30)
    yield "polynomial_cycle", decayed("polynomial_decay", lambda s: polynomial(s, 10, 0.02, 1.5, True),
                                      decay_steps=10, end_learning_rate=0.02, power=1.5, cycle=True)
    yield "piecewise_constant", case("piecewise_constant_decay", lambda s: 1.0 if s <= 10 else 0.5 if s <= 30 else 0.1,
                                     boundaries=[10, 30], values=[1.0, 0.5, 0.1])
    yield "cosine", decayed("cosine_decay", lambda s: cosine(s, 30), decay_steps=30)
    yield "cosine_warmup", decayed("cosine_decay", warmup, decay_steps=50, alpha=0.1, warmup_target=0.5,
                                   warmup_steps=20)
    yield "cosine_restarts", decayed("cosine_decay_restarts", lambda s: restarts(s, 10, 2, 1, 0),
                                     first_decay_steps=10)
    yield "cosine_restarts_equal", decayed("cosine_decay_restarts", lambda s: restarts(s, 10, 1, 0.9, 0.1),
                                           first_decay_steps=10, t_mul=1.0, m_mul=0.9, alpha=0.1)
    yield "cosine_restarts_growing", decayed("cosine_decay_restarts", lambda s: restarts(s, 10, 1.5, 0.8, 0.05),
                                             first_decay_steps=10, t_mul=1.5, m_mul=0.8, alpha=0.05)
