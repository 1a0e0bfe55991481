# Right and wrong answers to 05-optimizers; docs/writing-exercises.md says how this file is read.

# %% sgd | right | setdefault, as old starters have it
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    w = w - config["learning_rate"] * dw
    return w, config

# %% sgd | right | in place
def sgd(w, dw, config=None):
    config = dict(config or {})
    w -= config.get("learning_rate", 0.01) * dw
    return w, config

# %% sgd | right | a loop over the entries
def sgd(w, dw, config=None):
    config = {**{"learning_rate": 1e-2}, **(config or {})}
    out = np.empty_like(w)
    for index in np.ndindex(*w.shape):
        out[index] = w[index] - config["learning_rate"] * dw[index]
    return out, config

# %% sgd | right | NumPy's functions by name
def sgd(w, dw, config=None):
    lr = 1e-2 if not config or "learning_rate" not in config else config["learning_rate"]
    return np.subtract(w, np.multiply(lr, dw)), {"learning_rate": lr}

# %% sgd | wrong | uphill
#- return w - config["learning_rate"] * dw, config
#+ return w + config["learning_rate"] * dw, config

# %% sgd | wrong | ignores the config
#- return w - config["learning_rate"] * dw, config
#+ return w - 1e-2 * dw, config

# %% sgd | wrong | another default
#- config = {"learning_rate": 1e-2} | (config or {})
#+ config = {"learning_rate": 1e-3} | (config or {})

# %% sgd | wrong | the defaults override the settings
#- config = {"learning_rate": 1e-2} | (config or {})
#+ config = (config or {}) | {"learning_rate": 1e-2}

# %% sgd | wrong | config None is not handled
#- config = {"learning_rate": 1e-2} | (config or {})
#+ config.setdefault("learning_rate", 1e-2)

# %% sgd | wrong | returns the parameter alone
#- return w - config["learning_rate"] * dw, config
#+ return w - config["learning_rate"] * dw

# %% sgd | wrong | returns no config
#- return w - config["learning_rate"] * dw, config
#+ return w - config["learning_rate"] * dw, None

# %% sgd | wrong | scales dw in place
#- return w - config["learning_rate"] * dw, config
#+ dw *= config["learning_rate"]
#+ return w - dw, config

# %% sgd | wrong | float64 whatever came
#- return w - config["learning_rate"] * dw, config
#+ return w.astype(float) - config["learning_rate"] * dw, config

# %% sgd_momentum | right | setdefault and get
def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config

# %% sgd_momentum | right | everything in place
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    lr, mu = config.get("learning_rate", 0.01), config.get("momentum", 0.9)
    if "velocity" not in config:
        config["velocity"] = np.zeros_like(w)
    config["velocity"] *= mu
    config["velocity"] -= lr * dw
    w += config["velocity"]
    return w, config

# %% sgd_momentum | right | subtracts the negative velocity
def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": 0 * w, **(config or {})}
    down = config["learning_rate"] * dw - config["momentum"] * config["velocity"]
    return w - down, {**config, "velocity": -down}

# %% sgd_momentum | right | a loop over the entries
def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    old = config.get("velocity", np.zeros_like(w))
    new, out = np.zeros_like(w), np.zeros_like(w)
    for i in np.ndindex(w.shape):
        new[i] = config["momentum"] * old[i] - config["learning_rate"] * dw[i]
        out[i] = w[i] + new[i]
    config["velocity"] = new
    return out, config

# %% sgd_momentum | wrong | momentum with the wrong sign
#- velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
#+ velocity = config["momentum"] * config["velocity"] + config["learning_rate"] * dw

# %% sgd_momentum | wrong | the velocity brakes
#- velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
#+ velocity = -config["momentum"] * config["velocity"] - config["learning_rate"] * dw

# %% sgd_momentum | wrong | forgets to store the velocity
#- return w + velocity, config | {"velocity": velocity}
#+ return w + velocity, config

# %% sgd_momentum | wrong | stores it under another name
#- return w + velocity, config | {"velocity": velocity}
#+ return w + velocity, config | {"v": velocity}

# %% sgd_momentum | wrong | adds the old velocity
#- return w + velocity, config | {"velocity": velocity}
#+ return w + config["velocity"], config | {"velocity": velocity}

# %% sgd_momentum | wrong | a moving average: the gradient weighs one minus mu
#- velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
#+ velocity = config["momentum"] * config["velocity"] - (1 - config["momentum"]) * config["learning_rate"] * dw

# %% sgd_momentum | wrong | the other convention's memory: rate applied last
#- velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
#- return w + velocity, config | {"velocity": velocity}
#+ velocity = config["momentum"] * config["velocity"] + dw
#+ return w - config["learning_rate"] * velocity, config | {"velocity": velocity}

# %% sgd_momentum | wrong | always starts from velocity zero
#- velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
#+ velocity = -config["learning_rate"] * dw

# %% sgd_momentum | wrong | a mutable default shares the velocity
def sgd_momentum(w, dw, config={}):
    config = STATE if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    if np.shape(v) != np.shape(w):
        v = np.zeros_like(w)
    config["velocity"] = config["momentum"] * v - config["learning_rate"] * dw
    return w + config["velocity"], config
STATE = {}

# %% sgd_momentum | wrong | velocity in float64
#- config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)} | (config or {})
#+ config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros(w.shape)} | (config or {})

# %% nesterov | right | as the lecture writes it
def nesterov(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    mu = config["momentum"]
    v_prev = v.copy()
    v = mu * v - config["learning_rate"] * dw
    w = w - mu * v_prev + (1 + mu) * v
    config["velocity"] = v
    return w, config

# %% nesterov | right | momentum, then a second push
def nesterov(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + config["momentum"] * v - config["learning_rate"] * dw, {**config, "velocity": v}

# %% nesterov | right | back to the point, step, ahead again
def nesterov(w, dw, config=None):
    config = dict(config or {})
    lr, mu = config.get("learning_rate", 1e-2), config.get("momentum", 0.9)
    old = config.get("velocity", w * 0)
    point = w - mu * old
    new = mu * old - lr * dw
    point = point + new
    config["velocity"] = new
    return point + mu * new, config

# %% nesterov | right | in place
def nesterov(w, dw, config=None):
    config = config or {}
    lr, mu = config.get("learning_rate", 1e-2), config.get("momentum", 0.9)
    v = config.setdefault("velocity", np.zeros_like(w))
    w -= mu * v
    v *= mu
    v -= lr * dw
    w += (1 + mu) * v
    return w, config

# %% nesterov | right | the change of the velocity, from the release
def nesterov(w, dw, config=None):
    config = dict(config or ())
    lr, mu = config.get("learning_rate", 0.01), config.get("momentum", 0.9)
    old = config.get("velocity")
    if old is None:
        old = np.zeros(w.shape, w.dtype)
    new = mu * old - lr * dw
    w = w + new + mu * (new - old)
    config["velocity"] = new
    return w, config

# %% nesterov | wrong | plain momentum
#- return w - mu * old + (1 + mu) * new, config | {"velocity": new}
#+ return w + new, config | {"velocity": new}

# %% nesterov | wrong | the old velocity is overwritten before it is used
#- return w - mu * old + (1 + mu) * new, config | {"velocity": new}
#+ old = new
#+ return w - mu * old + (1 + mu) * new, config | {"velocity": new}

# %% nesterov | wrong | an alias of the velocity, changed in place
#- new = mu * old - config["learning_rate"] * dw
#+ new = config["velocity"]
#+ new *= mu
#+ new -= config["learning_rate"] * dw

# %% nesterov | wrong | sign of the old velocity
#- return w - mu * old + (1 + mu) * new, config | {"velocity": new}
#+ return w + mu * old + (1 + mu) * new, config | {"velocity": new}

# %% nesterov | wrong | looks ahead by one whole velocity
#- return w - mu * old + (1 + mu) * new, config | {"velocity": new}
#+ return w - old + 2 * new, config | {"velocity": new}

# %% nesterov | wrong | does not take the old look-ahead back
#- return w - mu * old + (1 + mu) * new, config | {"velocity": new}
#+ return w + (1 + mu) * new, config | {"velocity": new}

# %% nesterov | wrong | gradient with the wrong sign
#- new = mu * old - config["learning_rate"] * dw
#+ new = mu * old + config["learning_rate"] * dw

# %% nesterov | wrong | velocity not stored
#- return w - mu * old + (1 + mu) * new, config | {"velocity": new}
#+ return w - mu * old + (1 + mu) * new, config

# %% nesterov | wrong | ignores the momentum given
#- mu, old = config["momentum"], config["velocity"]
#+ mu, old = 0.9, config["velocity"]

# %% nesterov | wrong | adds the look-ahead alone
def nesterov(w, dw, config=None):
    c = {"learning_rate": .01, "momentum": .9, "velocity": np.zeros_like(w)} | (config or {})
    v = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    c["velocity"] = v
    return w + c["momentum"] * v, c

# %% adagrad | right | setdefault
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] += dw * dw
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config

# %% adagrad | right | a power of one half, a new dict
def adagrad(w, dw, config=None):
    c = {"learning_rate": 1e-2, "epsilon": 1e-8, **(config or {})}
    total = c.get("cache", 0 * w) + np.square(dw)
    return w - c["learning_rate"] / (total**0.5 + c["epsilon"]) * dw, {**c, "cache": total}

# %% adagrad | right | in place
def adagrad(w, dw, config=None):
    config = dict(config or {})
    lr, eps = config.get("learning_rate", 1e-2), config.get("epsilon", 1e-8)
    cache = np.array(config.get("cache", np.zeros_like(w)))
    cache += dw**2
    w -= lr * dw / (np.sqrt(cache) + eps)
    config["cache"] = cache
    return w, config

# %% adagrad | right | entry by entry with math.sqrt
def adagrad(w, dw, config=None):
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
    cache, out = config["cache"].copy(), w.copy()
    for i in np.ndindex(w.shape):
        cache[i] += dw[i] * dw[i]
        out[i] -= config["learning_rate"] * dw[i] / (math.sqrt(cache[i]) + config["epsilon"])
    return out, config | {"cache": cache}

# %% adagrad | right | one setting after the other, from the release
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    if "learning_rate" not in config:
        config["learning_rate"] = 1e-2
    if "epsilon" not in config:
        config["epsilon"] = 1e-8
    if "cache" not in config:
        config["cache"] = np.zeros_like(w)
    config["cache"] += dw ** 2
    w -= config["learning_rate"] / (np.sqrt(config["cache"]) + config["epsilon"]) * dw
    return w, config

# %% adagrad | wrong | forgets the root
#- step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
#+ step = config["learning_rate"] * dw / (cache + config["epsilon"])

# %% adagrad | wrong | epsilon inside the root
#- step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
#+ step = config["learning_rate"] * dw / np.sqrt(cache + config["epsilon"])

# %% adagrad | wrong | sums absolute gradients
#- cache = config["cache"] + dw**2
#+ cache = config["cache"] + np.abs(dw)

# %% adagrad | wrong | sums the gradients and squares later
#- cache = config["cache"] + dw**2
#- step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
#+ cache = config["cache"] + dw
#+ step = config["learning_rate"] * dw / (np.sqrt(cache**2) + config["epsilon"])

# %% adagrad | wrong | cache not kept
#- return w - step, config | {"cache": cache}
#+ return w - step, config

# %% adagrad | wrong | divides by the old cache
#- step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
#+ with np.errstate(all="ignore"):
#+     step = config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])

# %% adagrad | wrong | one cache for all entries
#- cache = config["cache"] + dw**2
#+ cache = config["cache"] + np.sum(dw**2)

# %% adagrad | wrong | no epsilon at all
#- step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
#+ with np.errstate(all="ignore"):
#+     step = config["learning_rate"] * dw / np.sqrt(cache)

# %% adagrad | wrong | squares dw in place
#- cache = config["cache"] + dw**2
#+ g = dw.copy()
#+ dw **= 2
#+ cache = config["cache"] + dw
#+ dw = g

# %% adagrad | wrong | an epsilon of 1e-7
#- config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
#+ config = {"learning_rate": 1e-2, "epsilon": 1e-7, "cache": np.zeros_like(w)} | (config or {})

# %% adagrad | wrong | stores it under another name
def adagrad(w, dw, config=None):
    c = {"learning_rate": .01, "epsilon": 1e-8, "grad_squared": np.zeros_like(w)} | (config or {})
    c["grad_squared"] = c["grad_squared"] + dw ** 2
    return w - c["learning_rate"] * dw / (np.sqrt(c["grad_squared"]) + c["epsilon"]), c

# %% rmsprop | right | setdefault
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    return next_w, config

# %% rmsprop | right | moves towards the new square
def rmsprop(w, dw, config=None):
    c = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": 0 * w, **(config or {})}
    cache = c["cache"] + (1 - c["decay_rate"]) * (dw * dw - c["cache"])
    return w - c["learning_rate"] * dw / (cache**0.5 + c["epsilon"]), {**c, "cache": cache}

# %% rmsprop | right | in place
def rmsprop(w, dw, config=None):
    config = dict(config or {})
    rho = config.get("decay_rate", 0.99)
    if config.get("cache") is None:
        config["cache"] = np.zeros_like(w)
    config["cache"] *= rho
    config["cache"] += (1 - rho) * dw**2
    w -= config.get("learning_rate", 1e-2) * dw / (np.sqrt(config["cache"]) + config.get("epsilon", 1e-8))
    return w, config

# %% rmsprop | right | a loop over flat entries
def rmsprop(w, dw, config=None):
    c = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
    cache, out = c["cache"].copy(), w.copy()
    for i in np.ndindex(w.shape):
        cache[i] = c["decay_rate"] * cache[i] + (1 - c["decay_rate"]) * dw[i] ** 2
        out[i] -= c["learning_rate"] * dw[i] / (np.sqrt(cache[i]) + c["epsilon"])
    c["cache"] = cache
    return out, c

# %% rmsprop | wrong | the decayed cache is added on top of itself
#- config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
#+ config["cache"] = config["cache"] + rho * config["cache"] + (1 - rho) * dw**2

# %% rmsprop | wrong | the two shares swapped
#- config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
#+ config["cache"] = (1 - rho) * config["cache"] + rho * dw**2

# %% rmsprop | wrong | AdaGrad
#- config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
#+ config["cache"] = config["cache"] + dw**2

# %% rmsprop | wrong | the gradient is not squared
#- config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
#+ config["cache"] = rho * config["cache"] + (1 - rho) * np.abs(dw)

# %% rmsprop | wrong | epsilon inside the root
#- return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
#+ return w - config["learning_rate"] * dw / np.sqrt(config["cache"] + config["epsilon"]), config

# %% rmsprop | wrong | no root
#- return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
#+ return w - config["learning_rate"] * dw / (config["cache"] + config["epsilon"]), config

# %% rmsprop | wrong | another default decay
#- defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w)}
#+ defaults = {"learning_rate": 1e-2, "decay_rate": 0.9, "epsilon": 1e-8, "cache": np.zeros_like(w)}

# %% rmsprop | wrong | bias correction, which is Adam's
#- return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
#+ config["t"] = config.get("t", 0) + 1
#+ corrected = config["cache"] / (1 - rho ** config["t"])
#+ return w - config["learning_rate"] * dw / (np.sqrt(corrected) + config["epsilon"]), config

# %% rmsprop | wrong | cache in float64
#- defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w)}
#+ defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros(np.shape(w))}

# %% rmsprop | wrong | reads the decay under another name
def rmsprop(w, dw, config=None):
    c = {"learning_rate": .01, "decay": .99, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
    c["cache"] = c["decay"] * c["cache"] + (1 - c["decay"]) * dw ** 2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c

# %% adam | right | setdefault
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    mt = config["m"] / (1 - config["beta1"] ** config["t"])
    vt = config["v"] / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"]), config

# %% adam | right | both corrections in one rate, epsilon corrected along
def adam(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, **(config or {})}
    t = c["t"] + 1
    m = c.get("m", 0 * w) * c["beta1"] + dw * (1 - c["beta1"])
    v = c.get("v", 0 * w) * c["beta2"] + dw * dw * (1 - c["beta2"])
    root = math.sqrt(1 - c["beta2"] ** t)
    rate = c["learning_rate"] * root / (1 - c["beta1"] ** t)
    return w - rate * m / (np.sqrt(v) + c["epsilon"] * root), {**c, "m": m, "v": v, "t": t}

# %% adam | right | in place
def adam(w, dw, config=None):
    config = {} if config is None else config
    lr, eps = config.get("learning_rate", 1e-3), config.get("epsilon", 1e-8)
    b1, b2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    m = config.setdefault("m", np.zeros_like(w))
    v = config.setdefault("v", np.zeros_like(w))
    config["t"] = t = config.get("t", 0) + 1
    m += (1 - b1) * (dw - m)
    v += (1 - b2) * (dw**2 - v)
    w -= lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return w, config

# %% adam | right | a loop over the entries
def adam(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8} | (config or {})
    m, v = np.array(c.get("m", np.zeros_like(w))), np.array(c.get("v", np.zeros_like(w)))
    t = c.get("t", 0) + 1
    out = w.copy()
    for i in np.ndindex(w.shape):
        m[i] = c["beta1"] * m[i] + (1 - c["beta1"]) * dw[i]
        v[i] = c["beta2"] * v[i] + (1 - c["beta2"]) * dw[i] ** 2
        out[i] -= c["learning_rate"] * (m[i] / (1 - c["beta1"] ** t)) / (math.sqrt(v[i] / (1 - c["beta2"] ** t)) + c["epsilon"])
    return out, c | {"m": m, "v": v, "t": t}

# %% adam | right | a loop over the two moments, from the release
def adam(w, dw, config=None):
    s = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
         "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    s.update(config or {})
    s["t"] += 1
    moments = []
    for name, beta, new in (("m", s["beta1"], dw), ("v", s["beta2"], dw * dw)):
        s[name] = beta * s[name] + (1 - beta) * new
        moments.append(s[name] / (1 - beta ** s["t"]))
    m_hat, v_hat = moments
    return w - s["learning_rate"] * m_hat / (np.sqrt(v_hat) + s["epsilon"]), s

# %% adam | wrong | no bias correction
#- corrected_m = m / (1 - beta1**t)
#- corrected_v = v / (1 - beta2**t)
#+ corrected_m, corrected_v = m, v

# %% adam | wrong | corrects the first moment only
#- corrected_v = v / (1 - beta2**t)
#+ corrected_v = v

# %% adam | wrong | corrects and then divides the biased moments
#- step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ step = config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"])

# %% adam | wrong | t is raised after the correction
#- t = config["t"] + 1
#+ t = config["t"]
#- step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ t = t + 1

# %% adam | wrong | t starts at 1 and is raised, as in old starters
#- memory = {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
#+ memory = {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 1}

# %% adam | wrong | t is never stored
#- return w - step, config | {"m": m, "v": v, "t": t}
#+ return w - step, config | {"m": m, "v": v}

# %% adam | wrong | stores the corrected moments
#- return w - step, config | {"m": m, "v": v, "t": t}
#+ return w - step, config | {"m": corrected_m, "v": corrected_v, "t": t}

# %% adam | wrong | beta times t in place of beta to the t
#- corrected_m = m / (1 - beta1**t)
#- corrected_v = v / (1 - beta2**t)
#+ corrected_m = m / (1 - beta1 * t)
#+ corrected_v = v / (1 - beta2 * t)

# %% adam | wrong | epsilon inside the root
#- step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ step = config["learning_rate"] * corrected_m / np.sqrt(corrected_v + config["epsilon"])

# %% adam | wrong | no root
#- step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ step = config["learning_rate"] * corrected_m / (corrected_v + config["epsilon"])

# %% adam | wrong | the betas swapped
#- beta1, beta2 = config["beta1"], config["beta2"]
#+ beta2, beta1 = config["beta1"], config["beta2"]

# %% adam | wrong | divides the gradient, not its average
#- step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ step = config["learning_rate"] * dw / (np.sqrt(corrected_v) + config["epsilon"])

# %% adam | wrong | the second moment averages m squared
#- v = beta2 * config["v"] + (1 - beta2) * dw**2
#+ v = beta2 * config["v"] + (1 - beta2) * m**2

# %% adam | wrong | SGD's default rate
#- settings = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
#+ settings = {"learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}

# %% adam | wrong | np.sqrt of a number makes float64
#- corrected_m = m / (1 - beta1**t)
#- corrected_v = v / (1 - beta2**t)
#- step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
#+ root = np.sqrt(1 - beta2**t)
#+ step = np.float64(config["learning_rate"]) * root / (1 - beta1**t) * m.astype(float) / (np.sqrt(v) + config["epsilon"] * root)

# %% adam | wrong | state in a global
def adam(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    if np.shape(MEMORY.get("m")) != w.shape:
        MEMORY.update(m=np.zeros_like(w), v=np.zeros_like(w), t=0)
    MEMORY["t"] += 1
    MEMORY["m"] = c["beta1"] * MEMORY["m"] + (1 - c["beta1"]) * dw
    MEMORY["v"] = c["beta2"] * MEMORY["v"] + (1 - c["beta2"]) * dw**2
    m = MEMORY["m"] / (1 - c["beta1"] ** MEMORY["t"])
    v = MEMORY["v"] / (1 - c["beta2"] ** MEMORY["t"])
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"]), c
MEMORY = {}

# %% adamw | right | written out
def adamw(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, "t": 0} | (config or {})
    t = c["t"] + 1
    m = c["beta1"] * c.get("m", np.zeros_like(w)) + (1 - c["beta1"]) * dw
    v = c["beta2"] * c.get("v", np.zeros_like(w)) + (1 - c["beta2"]) * dw**2
    direction = (m / (1 - c["beta1"] ** t)) / (np.sqrt(v / (1 - c["beta2"] ** t)) + c["epsilon"])
    return w - c["learning_rate"] * (direction + c["weight_decay"] * w), c | {"m": m, "v": v, "t": t}

# %% adamw | right | shrinks first, as PyTorch does
def adamw(w, dw, config=None):
    config = dict(config or {})
    lr, decay = config.get("learning_rate", 1e-3), config.get("weight_decay", 1e-2)
    config["learning_rate"] = lr
    return adam(w * (1 - lr * decay), dw, config)

# %% adamw | right | in place
def adamw(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("weight_decay", 1e-2)
    w *= 1 - config["learning_rate"] * config["weight_decay"]
    stepped, config = adam(w, dw, config)
    w[...] = stepped
    return w, config

# %% adamw | right | Adam's displacement and the decay
def adamw(w, dw, config=None):
    config = {"learning_rate": 1e-3, "weight_decay": 0.01, **(config or {})}
    after, state = adam(w.copy(), dw, config)
    return (after - w) + w - config["learning_rate"] * config["weight_decay"] * w, {**config, **state}

# %% adamw | right | the decay taken out of the config, from the release
def adamw(w, dw, config=None):
    config = dict(config or {})
    lr, decay = config.setdefault("learning_rate", 1e-3), config.pop("weight_decay", 1e-2)
    shrunk = lr * decay * w
    w, config = adam(w, dw, config)
    config["weight_decay"] = decay
    return w - shrunk, config

# %% adamw | wrong | the decay goes through the moments
#- next_w, config = adam(w, dw, config)
#- return next_w - decay, config
#+ return adam(w, dw + config["weight_decay"] * w, config)

# %% adamw | wrong | the penalty's gradient, through the moments
#- next_w, config = adam(w, dw, config)
#- return next_w - decay, config
#+ return adam(w, dw + 2 * config["weight_decay"] * w, config)

# %% adamw | wrong | the decay without the learning rate
#- decay = config["learning_rate"] * config["weight_decay"] * w
#+ decay = config["weight_decay"] * w

# %% adamw | wrong | decays the weight after the step
#- return next_w - decay, config
#+ return next_w * (1 - config["learning_rate"] * config["weight_decay"]), config

# %% adamw | wrong | grows in place of shrinking
#- return next_w - decay, config
#+ return next_w + decay, config

# %% adamw | wrong | no decay at all
#- return next_w - decay, config
#+ return next_w, config

# %% adamw | wrong | another default decay
#- config = {"learning_rate": 1e-3, "weight_decay": 1e-2} | (config or {})
#+ config = {"learning_rate": 1e-3, "weight_decay": 1e-4} | (config or {})

# %% adamw | wrong | a decay of 0 is taken for none given
#- config = {"learning_rate": 1e-3, "weight_decay": 1e-2} | (config or {})
#+ config = {"learning_rate": 1e-3} | (config or {})
#+ config["weight_decay"] = config.get("weight_decay") or 1e-2

# %% adamw | wrong | the gradient only in the second moment, decay in the first
#- next_w, config = adam(w, dw, config)
#- return next_w - decay, config
#+ c = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0 * w, "v": 0 * w} | config
#+ t = c["t"] + 1
#+ m = c["beta1"] * c["m"] + (1 - c["beta1"]) * (dw + c["weight_decay"] * w)
#+ v = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw**2
#+ step = c["learning_rate"] * m / (1 - c["beta1"] ** t) / (np.sqrt(v / (1 - c["beta2"] ** t)) + c["epsilon"])
#+ return w - step, c | {"m": m, "v": v, "t": t}

# %% find_slips | right | one key after the other
def find_slips():
    slips = {}
    slips["A"] = 6
    slips["B"] = 8
    slips["C"] = 3
    slips["D"] = 5
    slips["E"] = 1
    return slips

# %% find_slips | right | zip
def find_slips():
    return dict(zip("ABCDE", (6, 8, 3, 5, 1)))

# %% find_slips | right | keywords
def find_slips():
    return dict(E=1, D=5, C=3, B=8, A=6)

# %% find_slips | right | NumPy integers
def find_slips():
    return {letter: number for letter, number in zip("ABCDE", np.array([6, 8, 3, 5, 1]))}

# %% find_slips | wrong | B and E taken for each other
#- return {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
#+ return {"A": 6, "B": 1, "C": 3, "D": 5, "E": 8}

# %% find_slips | wrong | a slip that does not occur
#- return {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
#+ return {"A": 4, "B": 8, "C": 3, "D": 5, "E": 1}

# %% find_slips | wrong | small letters
#- return {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
#+ return {"a": 6, "b": 8, "c": 3, "d": 5, "e": 1}

# %% find_slips | wrong | a list
#- return {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
#+ return [6, 8, 3, 5, 1]

# %% find_slips | wrong | all alike
#- return {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
#+ return dict.fromkeys("ABCDE", 1)

# %% find_slips | wrong | the numbers as strings
def find_slips():
    return {"A": "6", "B": "8", "C": "3", "D": "5", "E": "1"}

# %% mended_a | right | one term less
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = setting["decay_rate"] * sq + (1 - setting["decay_rate"]) * dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | right | the excess taken away again
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = sq + setting["decay_rate"] * sq + (1 - setting["decay_rate"]) * dw * dw - sq
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | right | moves towards the square
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = sq + (1 - setting["decay_rate"]) * (dw * dw - sq)
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | right | in place
def mended_a(w, dw, config=None):
    config = {} if config is None else config
    rho = config.get("decay_rate", 0.99)
    cache = config.setdefault("cache", np.zeros_like(w))
    cache *= rho
    cache += (1 - rho) * dw**2
    w -= config.get("learning_rate", 0.01) * dw / (np.sqrt(cache) + config.get("epsilon", 1e-8))
    return w, config


# %% mended_a | wrong | as it was
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = sq + setting["decay_rate"] * sq + (1 - setting["decay_rate"]) * dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | wrong | mended into AdaGrad
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = sq + dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | wrong | the shares swapped while mending
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = (1 - setting["decay_rate"]) * sq + setting["decay_rate"] * dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | wrong | the decay dropped with the sum
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = sq + (1 - setting["decay_rate"]) * dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | wrong | the memory dropped with the sum
def mended_a(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = (1 - setting["decay_rate"]) * dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


# %% mended_a | wrong | calls the rule from above
def mended_a(w, dw, config=None):
    return rmsprop(w, dw, config)


# %% mended_a | wrong | another name for the rule from above
mended_a = rmsprop


# %% mended_b | right | raised before it is used
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | right | raised where it is used
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0)
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1 ** (now + 1))
    second_unbiased = second / (1 - b2 ** (now + 1))
    setting.update(m=first, v=second, t=now + 1)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | right | counts from the other side
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.setdefault("t", 0) - -1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | right | in place
def mended_b(w, dw, config=None):
    config = {} if config is None else config
    b1, b2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    config["t"] = config.get("t", 0) + 1
    m, v = config.setdefault("m", np.zeros_like(w)), config.setdefault("v", np.zeros_like(w))
    m += (1 - b1) * (dw - m)
    v += (1 - b2) * (dw**2 - v)
    root = np.sqrt(v / (1 - b2 ** config["t"])) + config.get("epsilon", 1e-8)
    w -= config.get("learning_rate", 1e-3) / (1 - b1 ** config["t"]) * m / root
    return w, config


# %% mended_b | wrong | as it was
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0)
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = np.divide(first, 1 - b1**now)
    second_unbiased = np.divide(second, 1 - b2**now)
    setting.update(m=first, v=second, t=now + 1)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | starts at 1 and is raised once more
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 1) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | raised twice in every step
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now + 1)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | never raised: 1 for ever
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | the correction thrown out
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first
    second_unbiased = second
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | a little something in the denominator
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0)
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now + 1e-8)
    second_unbiased = second / (1 - b2**now + 1e-8)
    setting.update(m=first, v=second, t=now + 1)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | no correction in the first step
def mended_b(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0)
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first if now == 0 else first / (1 - b1**now)
    second_unbiased = second if now == 0 else second / (1 - b2**now)
    setting.update(m=first, v=second, t=now + 1)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_b | wrong | calls the rule from above
def mended_b(w, dw, config=None):
    return adam(w, dw, config)


# %% mended_c | right | beside the moments
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"]) + setting["weight_decay"] * w), setting


# %% mended_c | right | the decay first in the sum
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * (dw + 0)
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * (dw + 0) * (dw + 0)
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"]) + w * setting["weight_decay"]), setting


# %% mended_c | right | shrinks the weight first
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    w = w * (1 - setting["learning_rate"] * setting["weight_decay"])
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_c | right | in place
def mended_c(w, dw, config=None):
    config = {} if config is None else config
    b1, b2, lr = config.get("beta1", 0.9), config.get("beta2", 0.999), config.get("learning_rate", 1e-3)
    config["t"] = config.get("t", 0) + 1
    m, v = config.setdefault("m", np.zeros_like(w)), config.setdefault("v", np.zeros_like(w))
    m += (1 - b1) * (dw - m)
    v += (1 - b2) * (dw**2 - v)
    w -= lr * config.get("weight_decay", 1e-2) * w
    w -= lr / (1 - b1 ** config["t"]) * m / (np.sqrt(v / (1 - b2 ** config["t"])) + config.get("epsilon", 1e-8))
    return w, config


# %% mended_c | wrong | as it was
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * (dw + setting["weight_decay"] * w)
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * (dw + setting["weight_decay"] * w) * (dw + setting["weight_decay"] * w)
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_c | wrong | the decay thrown out
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_c | wrong | in both places
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * (dw + setting["weight_decay"] * w)
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * (dw + setting["weight_decay"] * w) * (dw + setting["weight_decay"] * w)
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"]) + setting["weight_decay"] * w), setting


# %% mended_c | wrong | grows in place of shrinking
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"]) - setting["weight_decay"] * w), setting


# %% mended_c | wrong | twice the decay, as a penalty's gradient
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"]) + 2 * setting["weight_decay"] * w), setting


# %% mended_c | wrong | without the learning rate
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    w = w * (1 - setting["weight_decay"])
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_c | wrong | out of the second moment only
def mended_c(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * (dw + setting["weight_decay"] * w)
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_c | wrong | calls the rule from above
def mended_c(w, dw, config=None):
    return adamw(w, dw, config)

# %% mended_c | wrong | out of the first moment only, and beside them
def mended_c(w, dw, config=None):
    s = {"learning_rate": 1e-3, "weight_decay": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2, now = s["beta1"], s["beta2"], s.get("t", 0) + 1
    first = b1 * s.get("m", 0 * w) + (1 - b1) * dw
    pull = dw + s["weight_decay"] * w
    second = b2 * s.get("v", 0 * w) + (1 - b2) * pull * pull
    s.update(m=first, v=second, t=now)
    return w - s["learning_rate"] * (first / (1 - b1**now) / ((second / (1 - b2**now))**0.5 + s["epsilon"]) ) - s["learning_rate"] * s["weight_decay"] * w, s

# %% mended_d | right | plus in the velocity
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = setting["momentum"] * setting.get("velocity", 0 * w) + dw
    setting["velocity"] = push
    return w - setting["learning_rate"] * push, setting


# %% mended_d | right | plus where it is applied
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = setting["momentum"] * setting.get("velocity", 0 * w) - dw
    setting["velocity"] = push
    return w + setting["learning_rate"] * push, setting


# %% mended_d | right | the rate in the velocity
def mended_d(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)} | (config or {})
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + v, config | {"velocity": v}


# %% mended_d | right | in place
def mended_d(w, dw, config=None):
    config = {} if config is None else config
    v = config.setdefault("velocity", np.zeros_like(w))
    v *= config.get("momentum", 0.9)
    v += dw
    w -= config.get("learning_rate", 1e-2) * v
    return w, config


# %% mended_d | wrong | as it was
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = setting["momentum"] * setting.get("velocity", 0 * w) - dw
    setting["velocity"] = push
    return w - setting["learning_rate"] * push, setting


# %% mended_d | wrong | both signs turned round
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = setting["momentum"] * setting.get("velocity", 0 * w) + dw
    setting["velocity"] = push
    return w + setting["learning_rate"] * push, setting


# %% mended_d | wrong | the momentum's sign turned round
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = -setting["momentum"] * setting.get("velocity", 0 * w) + dw
    setting["velocity"] = push
    return w - setting["learning_rate"] * push, setting


# %% mended_d | wrong | the memory thrown out
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = dw
    setting["velocity"] = push
    return w - setting["learning_rate"] * push, setting


# %% mended_d | wrong | a moving average
def mended_d(w, dw, config=None):
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = setting["momentum"] * setting.get("velocity", 0 * w) + (1 - setting["momentum"]) * dw
    setting["velocity"] = push
    return w - setting["learning_rate"] * push, setting


# %% mended_d | wrong | calls the rule from above
def mended_d(w, dw, config=None):
    return sgd_momentum(w, dw, config)

# %% mended_d | wrong | the rate twice
def mended_d(w, dw, config=None):
    s = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = s["momentum"] * s.get("velocity", 0 * w) - s["learning_rate"] * dw
    s["velocity"] = push
    return w + s["learning_rate"] * push, s

# %% mended_e | right | both corrected
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | right | corrected by multiplication
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first * (1 / (1 - b1**now))
    second_unbiased = second * (1 / (1 - b2**now))
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | right | corrected by a geometric sum
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / ((1 - b1) * sum(b1**k for k in range(now)))
    second_unbiased = second / ((1 - b2) * sum(b2**k for k in range(now)))
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | right | in one rate, epsilon corrected along
def mended_e(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, **(config or {})}
    t = c["t"] + 1
    m = c.get("m", 0 * w) * c["beta1"] + dw * (1 - c["beta1"])
    v = c.get("v", 0 * w) * c["beta2"] + dw * dw * (1 - c["beta2"])
    root = math.sqrt(1 - c["beta2"] ** t)
    rate = c["learning_rate"] * root / (1 - c["beta1"] ** t)
    return w - rate * m / (np.sqrt(v) + c["epsilon"] * root), {**c, "m": m, "v": v, "t": t}


# %% mended_e | wrong | as it was
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first
    second_unbiased = second
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | corrects the first moment only
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | corrects the second moment only
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | one beta for both
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b1**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | multiplies
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first * (1 - b1**now)
    second_unbiased = second * (1 - b2**now)
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | beta times t
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1 * now)
    second_unbiased = abs(second / (1 - b2 * now))
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | stores the corrected moments
def mended_e(w, dw, config=None):
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2 = setting["beta1"], setting["beta2"]
    now = setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = first / (1 - b1**now)
    second_unbiased = second / (1 - b2**now)
    setting.update(m=first_unbiased, v=second_unbiased, t=now)
    return w - setting["learning_rate"] * (first_unbiased / (second_unbiased**0.5 + setting["epsilon"])), setting


# %% mended_e | wrong | calls the rule from above
def mended_e(w, dw, config=None):
    return adam(w, dw, config)

# %% mended_e | wrong | in one rate, epsilon as it was
def mended_e(w, dw, config=None):
    s = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2, now = s["beta1"], s["beta2"], s.get("t", 0) + 1
    first = b1 * s.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * s.get("v", 0 * w) + (1 - b2) * dw * dw
    s.update(m=first, v=second, t=now)
    return w - s["learning_rate"] * math.sqrt(1 - b2**now) / (1 - b1**now) * first / (second**0.5 + s["epsilon"]), s

# %% step_decay | right | integer division
def step_decay(lr0, t, drop=0.5, every=10):
    return lr0 * drop ** (t // every)

# %% step_decay | right | int truncates
def step_decay(lr0, t, drop=0.5, every=10):
    return lr0 * pow(drop, int(t / every))

# %% step_decay | right | a loop
def step_decay(lr0, t, drop=0.5, every=10):
    lr = lr0
    while t >= every:
        t -= every
        lr *= drop
    return lr

# %% step_decay | right | exponential of the logarithm
def step_decay(lr0, t, drop=0.5, every=10):
    return float(np.exp(np.log(lr0) + np.floor(t / every) * np.log(drop)))

# %% step_decay | wrong | falls all the time
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 * drop ** (t / every)

# %% step_decay | wrong | rounds to the nearest
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 * drop ** round(t / every)

# %% step_decay | wrong | drops only when an interval is just full
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 * drop if t > 0 and t % every == 0 else lr0

# %% step_decay | wrong | one step late
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 * drop ** max(math.ceil(t / every) - 1, 0)

# %% step_decay | wrong | counts whole epochs
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 * drop ** (int(t) // every)

# %% step_decay | wrong | the defaults, whatever is given
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 * 0.5 ** (t // 10)

# %% step_decay | wrong | subtracts
#- return lr0 * drop ** math.floor(t / every)
#+ return lr0 - drop * (t // every)

# %% exponential_decay | right | a power of e
def exponential_decay(lr0, t, k=0.1):
    return lr0 * math.e ** (-k * t)

# %% exponential_decay | right | NumPy
def exponential_decay(lr0, t, k=0.1):
    return lr0 * np.exp(-k * t)

# %% exponential_decay | right | divided by the growth
def exponential_decay(lr0, t, k=0.1):
    return lr0 / math.exp(k * t)

# %% exponential_decay | right | the factor of an epoch
def exponential_decay(lr0, t, k=0.1):
    return lr0 * math.exp(-k) ** t

# %% exponential_decay | wrong | grows
#- return lr0 * math.exp(-k * t)
#+ return lr0 * math.exp(k * t)

# %% exponential_decay | wrong | k is taken for a time
#- return lr0 * math.exp(-k * t)
#+ return lr0 * math.exp(-t / k)

# %% exponential_decay | wrong | k to the t
#- return lr0 * math.exp(-k * t)
#+ return lr0 * k**t

# %% exponential_decay | wrong | one minus k to the t
#- return lr0 * math.exp(-k * t)
#+ return lr0 * (1 - k) ** t

# %% exponential_decay | wrong | k not used
#- return lr0 * math.exp(-k * t)
#+ return lr0 * math.exp(-0.1 * t)

# %% exponential_decay | wrong | halves
#- return lr0 * math.exp(-k * t)
#+ return lr0 * 2 ** (-k * t)

# %% inverse_time_decay | right | a negative power
def inverse_time_decay(lr0, t, k=0.1):
    return lr0 * (1 + k * t) ** -1

# %% inverse_time_decay | right | in steps
def inverse_time_decay(lr0, t, k=0.1):
    denominator = 1.0
    denominator += k * t
    return lr0 / denominator

# %% inverse_time_decay | right | NumPy
def inverse_time_decay(lr0, t, k=0.1):
    return np.divide(lr0, np.add(1.0, np.multiply(k, t)))

# %% inverse_time_decay | right | other algebra
def inverse_time_decay(lr0, t, k=0.1):
    return (lr0 / k) / (1 / k + t)

# %% inverse_time_decay | wrong | divides by k t
#- return lr0 / (1 + k * t)
#+ return lr0 / (k * t) if t else lr0

# %% inverse_time_decay | wrong | compound
#- return lr0 / (1 + k * t)
#+ return lr0 / (1 + k) ** t

# %% inverse_time_decay | wrong | brackets
#- return lr0 / (1 + k * t)
#+ return lr0 / 1 + k * t

# %% inverse_time_decay | wrong | root of the time
#- return lr0 / (1 + k * t)
#+ return lr0 / (1 + k * t) ** 0.5

# %% inverse_time_decay | wrong | k not used
#- return lr0 / (1 + k * t)
#+ return lr0 / (1 + 0.1 * t)

# %% inverse_time_decay | wrong | whole epochs only
#- return lr0 / (1 + k * t)
#+ return lr0 / (1 + k * int(t))

# %% cosine_restarts | right | a list of cycle ends
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    begin, length = 0.0, period
    while begin + length <= t:
        begin += length
        length *= stretch
    share = (t - begin) / length
    return lr_min + (lr0 - lr_min) * (1 + np.cos(np.pi * share)) / 2

# %% cosine_restarts | right | modulo, and the closed form for stretched cycles
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    if stretch == 1:
        s, length = t % period, period
    else:
        cycle = int(math.log(t / period * (stretch - 1) + 1, stretch) + 1e-12)
        s = t - period * (stretch**cycle - 1) / (stretch - 1)
        length = period * stretch**cycle
    return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(math.pi * s / length))

# %% cosine_restarts | right | recursion
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    if t >= period:
        return cosine_restarts(lr0, t - period, period * stretch, stretch, lr_min)
    return lr_min + (lr0 - lr_min) * math.cos(math.pi * t / period / 2) ** 2

# %% cosine_restarts | right | a sine
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    length = period
    while t >= length:
        t -= length
        length = length * stretch
    return lr0 - (lr0 - lr_min) * math.sin(0.5 * math.pi * t / length) ** 2

# %% cosine_restarts | right | between two rates, from the release
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    begin, end = 0, period
    while t >= end:
        begin, end = end, end + stretch * (end - begin)
    share = (1 + np.cos(np.pi * (t - begin) / (end - begin))) / 2
    return lr0 * share + lr_min * (1 - share)

# %% cosine_restarts | wrong | never restarts
#- while t >= period:
#-     t, period = t - period, stretch * period
#+ t = min(t, period)

# %% cosine_restarts | wrong | a whole wave, no jump
#- return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(math.pi * t / period))
#+ return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(2 * math.pi * t / period))

# %% cosine_restarts | wrong | the wave comes up slowly: no modulo
#- while t >= period:
#-     t, period = t - period, stretch * period
#+ pass

# %% cosine_restarts | wrong | at a full cycle the old one still holds
#- while t >= period:
#+ while t > period:

# %% cosine_restarts | wrong | all cycles alike
#- t, period = t - period, stretch * period
#+ t = t - period

# %% cosine_restarts | wrong | stretches before it subtracts
#- t, period = t - period, stretch * period
#+ period = stretch * period
#+ t = t - period

# %% cosine_restarts | wrong | lr_min on top
#- return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(math.pi * t / period))
#+ return lr_min + 0.5 * lr0 * (1 + math.cos(math.pi * t / period))

# %% cosine_restarts | wrong | lr_min as a floor
#- return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(math.pi * t / period))
#+ return max(lr_min, 0.5 * lr0 * (1 + math.cos(math.pi * t / period)))

# %% cosine_restarts | wrong | the half is missing
#- return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(math.pi * t / period))
#+ return lr_min + (lr0 - lr_min) * math.cos(math.pi * t / period)

# %% cosine_restarts | wrong | the length of the first cycle in every one
#- while t >= period:
#-     t, period = t - period, stretch * period
#+ length = period
#+ while t >= length:
#+     t, length = t - length, stretch * length

# %% cosine_restarts | wrong | pi is missing
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    while t >= period:
        t -= period; period *= stretch
    return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(t / period))

# %% newton_step | right | the inverse matrix
def newton_step(grad, hessian):
    return -np.linalg.inv(hessian) @ grad

# %% newton_step | right | solve for minus g
def newton_step(grad, hessian):
    return np.linalg.solve(hessian, -grad)

# %% newton_step | right | eigenvectors
def newton_step(grad, hessian):
    values, vectors = np.linalg.eigh(hessian)
    return -vectors @ ((vectors.T @ grad) / values)

# %% newton_step | right | Gauss elimination by hand
def newton_step(grad, hessian):
    A = np.column_stack([hessian, -grad]).astype(float)
    n = len(grad)
    for i in range(n):
        pivot = i + np.argmax(np.abs(A[i:, i]))
        A[[i, pivot]] = A[[pivot, i]]
        A[i] /= A[i, i]
        for j in range(n):
            if j != i:
                A[j] -= A[j, i] * A[i]
    return A[:, -1]

# %% newton_step | right | least squares
def newton_step(grad, hessian):
    return np.linalg.lstsq(hessian, -grad, rcond=None)[0]

# %% newton_step | wrong | sign
#- return -np.linalg.solve(hessian, grad)
#+ return np.linalg.solve(hessian, grad)

# %% newton_step | wrong | the diagonal only
#- return -np.linalg.solve(hessian, grad)
#+ return -grad / np.diag(hessian)

# %% newton_step | wrong | divides entry by entry
#- return -np.linalg.solve(hessian, grad)
#+ return -grad / hessian

# %% newton_step | wrong | multiplies by the Hessian
#- return -np.linalg.solve(hessian, grad)
#+ return -hessian @ grad

# %% newton_step | wrong | a damped step
#- return -np.linalg.solve(hessian, grad)
#+ return -np.linalg.solve(hessian + 1e-3 * np.eye(len(grad)), grad)

# %% newton_step | wrong | absolute curvatures
#- return -np.linalg.solve(hessian, grad)
#+ values, vectors = np.linalg.eigh(hessian)
#+ return -vectors @ ((vectors.T @ grad) / np.abs(values))

# %% newton_step | wrong | a column
#- return -np.linalg.solve(hessian, grad)
#+ return -np.linalg.solve(hessian, grad[:, None])

# %% newton_step | wrong | changes the gradient
#- return -np.linalg.solve(hessian, grad)
#+ grad *= -1
#+ return np.linalg.solve(hessian, grad)

# %% sample_log_uniform | right | powers of ten
def sample_log_uniform(low, high, size, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size=size)

# %% sample_log_uniform | right | ratio to a random power
def sample_log_uniform(low, high, size, rng):
    return low * (high / low) ** rng.random(size)

# %% sample_log_uniform | right | one by one
def sample_log_uniform(low, high, size, rng):
    shape = size if isinstance(size, tuple) else (size,)
    out = np.empty(shape)
    for i in np.ndindex(shape):
        out[i] = math.exp(math.log(low) + rng.random() * (math.log(high) - math.log(low)))
    return out

# %% sample_log_uniform | right | base two
def sample_log_uniform(low, high, size, rng):
    exponents = rng.uniform(np.log2(low), np.log2(high), size)
    return np.clip(np.exp2(exponents), low, high)

# %% sample_log_uniform | wrong | uniform
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return rng.uniform(low, high, size)

# %% sample_log_uniform | wrong | low and high taken for exponents
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return 10 ** rng.uniform(low, high, size)

# %% sample_log_uniform | wrong | two bases
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return 10 ** rng.uniform(np.log(low), np.log(high), size)

# %% sample_log_uniform | wrong | the logarithms are returned
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return rng.uniform(np.log(low), np.log(high), size)

# %% sample_log_uniform | wrong | NumPy's global state
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return np.exp(np.random.uniform(np.log(low), np.log(high), size))

# %% sample_log_uniform | wrong | a seed of its own
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return np.exp(np.random.default_rng(0).uniform(np.log(low), np.log(high), size))

# %% sample_log_uniform | wrong | a grid
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return np.geomspace(low, high, int(np.prod(size))).reshape(size)

# %% sample_log_uniform | wrong | whole powers of ten
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return 10.0 ** rng.integers(np.log10(low), np.log10(high), size)

# %% sample_log_uniform | wrong | log-normal
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return np.clip(rng.lognormal(0.5 * (np.log(low) + np.log(high)), 1.0, size), low, high)

# %% sample_log_uniform | wrong | one number
#- return np.exp(rng.uniform(np.log(low), np.log(high), size))
#+ return np.exp(rng.uniform(np.log(low), np.log(high)))

# %% random_search | right | a loop over the names
def random_search(train_fn, space, trials, rng):
    results = []
    for trial in range(trials):
        settings = {}
        for name in space:
            low, high = space[name]
            settings[name] = 10 ** rng.uniform(np.log10(low), np.log10(high))
        results.append((train_fn(settings), settings))
    results.sort(key=lambda pair: float("inf") if np.isnan(pair[0]) else -pair[0])
    return results

# %% random_search | right | all draws first
def random_search(train_fn, space, trials, rng):
    draws = {name: sample_log_uniform(low, high, trials, rng) for name, (low, high) in space.items()}
    candidates = [{name: values[i] for name, values in draws.items()} for i in range(trials)]
    results = [(train_fn(settings), settings) for settings in candidates]
    return sorted(results, key=lambda r: (math.isnan(r[0]), -r[0] if not math.isnan(r[0]) else 0))

# %% random_search | right | argsort
def random_search(train_fn, space, trials, rng):
    found = []
    for _ in range(trials):
        found.append({name: sample_log_uniform(*ends, 1, rng).item() for name, ends in space.items()})
    scores = np.array([train_fn(settings) for settings in found], dtype=float)
    return [(scores[i], found[i]) for i in np.argsort(-scores, kind="stable")]

# %% random_search | right | failed ones in a list of their own
def random_search(train_fn, space, trials, rng):
    good, failed = [], []
    for _ in range(trials):
        settings = {name: float(sample_log_uniform(low, high, (1,), rng)[0]) for name, (low, high) in space.items()}
        score = train_fn(settings)
        (failed if score != score else good).append([score, settings])
    good.sort(key=lambda pair: pair[0], reverse=True)
    return good + failed

# %% random_search | wrong | plain sort, nan anywhere
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return sorted(results, key=lambda result: result[0], reverse=True)

# %% random_search | wrong | worst first
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0])

# %% random_search | wrong | in the order tried
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return results

# %% random_search | wrong | turned round: ties in the wrong order
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0])[::-1]

# %% random_search | wrong | failed trials left out
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return sorted([r for r in results if not math.isnan(r[0])], key=lambda result: result[0], reverse=True)

# %% random_search | wrong | one dict for all trials
#- for _ in range(trials):
#-     settings = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
#+ settings = {}
#+ for _ in range(trials):
#+     for name, ends in space.items():
#+         settings[name] = float(sample_log_uniform(*ends, 1, rng)[0])

# %% random_search | wrong | the same settings in every trial
#- for _ in range(trials):
#-     settings = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
#+ drawn = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
#+ for _ in range(trials):
#+     settings = dict(drawn)

# %% random_search | wrong | uniform, not log-uniform
#- settings = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
#+ settings = {name: float(rng.uniform(*ends)) for name, ends in space.items()}

# %% random_search | wrong | one random number for all settings
#- settings = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
#+ share = rng.random()
#+ settings = {name: low * (high / low) ** share for name, (low, high) in space.items()}

# %% random_search | wrong | trains twice
#- results.append((train_fn(settings), settings))
#+ train_fn(settings)
#+ results.append((train_fn(settings), settings))

# %% random_search | wrong | the best only
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return max(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0])

# %% random_search | wrong | scores and settings apart
#- return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ results = sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
#+ return [score for score, _ in results]

# %% random_search | wrong | settings before the score
def random_search(train_fn, space, trials, rng):
    results = []
    for _ in range(trials):
        settings = {k: sample_log_uniform(a, b, 1, rng)[0] for k, (a, b) in space.items()}
        results.append((settings, train_fn(settings)))
    return sorted(results, key=lambda r: -math.inf if math.isnan(r[1]) else r[1], reverse=True)

# %% random_search | wrong | a grid
#- for _ in range(trials):
#-     settings = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
#+ ticks = {name: np.geomspace(*ends, trials) for name, ends in space.items()}
#+ for i in range(trials):
#+     settings = {name: float(ticks[name][i]) for name in space}

# %% random_search | wrong | a generator of its own
#- results = []
#+ results, rng = [], np.random.default_rng(0)

# %% random_search | wrong | arrays of one number
def random_search(train_fn, space, trials, rng):
    results = []
    for _ in range(trials):
        settings = {k: sample_log_uniform(a, b, 1, rng) for k, (a, b) in space.items()}
        results.append((train_fn(settings), settings))
    return sorted(results, key=lambda r: -math.inf if math.isnan(r[0]) else r[0], reverse=True)

# %% refine | right | NumPy arrays
def refine(space, results, keep):
    scores = np.array([score for score, _ in results], dtype=float)
    best = np.argsort(-scores, kind="stable")[:keep]
    new = dict(space)
    for name in space:
        low, high = space[name]
        values = np.array([results[i][1][name] for i in best])
        pad = (high / low) ** 0.1
        new[name] = (max(low, values.min() / pad), min(high, values.max() * pad))
    return new

# %% refine | right | in logarithms
def refine(space, results, keep):
    alive = [r for r in results if not math.isnan(r[0])] + [r for r in results if math.isnan(r[0])]
    finite = sorted((r for r in alive if r[0] == r[0]), key=lambda r: -r[0])
    best = (finite + [r for r in alive if r[0] != r[0]])[:keep]
    out = {}
    for name, (low, high) in space.items():
        a, b = math.log10(low), math.log10(high)
        logs = [math.log10(settings[name]) for _, settings in best]
        width = 0.1 * (b - a)
        out[name] = (10 ** max(a, min(logs) - width), 10 ** min(b, max(logs) + width))
    return out

# %% refine | right | lists as ranges, clip
def refine(space, results, keep):
    best = sorted(results, key=lambda r: -math.inf if math.isnan(r[0]) else r[0], reverse=True)[:keep]
    return {
        name: list(np.clip([
            min(s[name] for _, s in best) * (low / high) ** 0.1,
            max(s[name] for _, s in best) * (high / low) ** 0.1,
        ], low, high))
        for name, (low, high) in space.items()
    }

# %% refine | right | picks the best one after the other
def refine(space, results, keep):
    left, kept = list(results), []
    while left and len(kept) < keep:
        best = left[0]
        for r in left:
            if math.isnan(best[0]) or r[0] > best[0]:
                best = r
        left = [r for r in left if r is not best]
        kept.append(best[1])
    out = {}
    for name, (low, high) in space.items():
        values = sorted(s[name] for s in kept)
        pad = math.exp(0.1 * math.log(high / low))
        out[name] = (max(values[0] / pad, low), min(values[-1] * pad, high))
    return out

# %% refine | right | a heap and clipped logarithms, from the release
def refine(space, results, keep):
    import heapq
    best = heapq.nlargest(keep, results, key=lambda pair: -np.inf if pair[0] != pair[0] else pair[0])
    new = {}
    for name, (low, high) in space.items():
        logs = np.log([settings[name] for _, settings in best])
        pad = 0.1 * (np.log(high) - np.log(low))
        new[name] = tuple(np.exp(np.clip([logs.min() - pad, logs.max() + pad], np.log(low), np.log(high))))
    return new

# %% refine | wrong | no padding
#- pad = (high / low) ** 0.1
#+ pad = 1.0

# %% refine | wrong | goes beyond the old ends
#- finer[name] = (max(low, min(kept) / pad), min(high, max(kept) * pad))
#+ finer[name] = (min(kept) / pad, max(kept) * pad)

# %% refine | wrong | clips at the lower end only
#- finer[name] = (max(low, min(kept) / pad), min(high, max(kept) * pad))
#+ finer[name] = (max(low, min(kept) / pad), max(kept) * pad)

# %% refine | wrong | keeps the worst
#- ranked = sorted(results, key=lambda result: math.inf if math.isnan(result[0]) else -result[0])
#+ ranked = sorted(results, key=lambda result: math.inf if math.isnan(result[0]) else result[0])

# %% refine | wrong | takes the first ones, sorted or not
#- ranked = sorted(results, key=lambda result: math.inf if math.isnan(result[0]) else -result[0])
#+ ranked = results

# %% refine | wrong | sorts the caller's list
#- ranked = sorted(results, key=lambda result: math.inf if math.isnan(result[0]) else -result[0])
#+ results.sort(key=lambda result: math.inf if math.isnan(result[0]) else -result[0])
#+ ranked = results

# %% refine | wrong | nan counts as the best
#- ranked = sorted(results, key=lambda result: math.inf if math.isnan(result[0]) else -result[0])
#+ ranked = sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else -result[0])

# %% refine | wrong | pads on the linear scale
#- pad = (high / low) ** 0.1
#- finer[name] = (max(low, min(kept) / pad), min(high, max(kept) * pad))
#+ pad = 0.1 * (high - low)
#+ finer[name] = (max(low, min(kept) - pad), min(high, max(kept) + pad))

# %% refine | wrong | one setting's range for all
#- kept = [settings[name] for _, settings in ranked[:keep]]
#+ kept = [settings[next(iter(space))] for _, settings in ranked[:keep]]

# %% refine | wrong | changes the space
#- finer = {}
#+ finer = space
#- for name, (low, high) in space.items():
#+ for name, (low, high) in list(space.items()):

# %% refine | wrong | one too many
#- kept = [settings[name] for _, settings in ranked[:keep]]
#+ kept = [settings[name] for _, settings in ranked[: keep + 1]]

# %% refine | wrong | ten per cent of the values
def refine(space, results, keep):
    best = sorted(results, key=lambda r: r[0], reverse=True)[:keep]
    return {k: (max(a, 0.9 * min(s[k] for _, s in best)), min(b, 1.1 * max(s[k] for _, s in best))) for k, (a, b) in space.items()}

# %% ensemble_predict | right | the sum will do
def ensemble_predict(probabilities):
    return sum(np.asarray(p) for p in probabilities).argmax(axis=-1)

# %% ensemble_predict | right | loops
def ensemble_predict(probabilities):
    p = np.asarray(probabilities)
    labels = []
    for n in range(p.shape[1]):
        total = np.zeros(p.shape[2])
        for m in range(p.shape[0]):
            total += p[m, n]
        labels.append(int(np.argmax(total)))
    return labels

# %% ensemble_predict | right | einsum
def ensemble_predict(probabilities):
    return np.argmax(np.einsum("mnc->nc", np.stack(probabilities)), axis=1)

# %% ensemble_predict | right | transposed
def ensemble_predict(probabilities):
    return np.transpose(probabilities, (1, 2, 0)).mean(axis=2).argmax(axis=1)

# %% ensemble_predict | wrong | a vote of the labels
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ votes = np.argmax(probabilities, axis=2)
#+ return np.array([np.bincount(v).argmax() for v in votes.T])

# %% ensemble_predict | wrong | averages over the examples
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ return np.mean(probabilities, axis=1).argmax(axis=1)

# %% ensemble_predict | wrong | argmax over the examples
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ return np.mean(probabilities, axis=0).argmax(axis=0)

# %% ensemble_predict | wrong | the surest model decides
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ return np.max(probabilities, axis=0).argmax(axis=1)

# %% ensemble_predict | wrong | products in place of sums
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ return np.prod(probabilities, axis=0).argmax(axis=1)

# %% ensemble_predict | wrong | returns the average
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ return np.mean(probabilities, axis=0)

# %% ensemble_predict | wrong | a tie goes to the larger label
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ average = np.mean(probabilities, axis=0)
#+ return average.shape[1] - 1 - average[:, ::-1].argmax(axis=1)

# %% ensemble_predict | wrong | adds up in the caller's array
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ total = probabilities[0]
#+ for p in probabilities[1:]:
#+     total += p
#+ return np.argmax(total, axis=1)

# %% ensemble_predict | wrong | arrays only, no lists
#- return np.mean(probabilities, axis=0).argmax(axis=1)
#+ return probabilities.mean(axis=0).argmax(axis=1)

# %% snapshot_ensemble | right | written out
def snapshot_ensemble(checkpoints, predict_fn, X):
    total = 0
    for params in checkpoints:
        total = total + predict_fn(params, X)
    return np.argmax(total, axis=1)

# %% snapshot_ensemble | right | a list, then the ensemble
def snapshot_ensemble(checkpoints, predict_fn, X):
    probabilities = []
    for params in checkpoints:
        probabilities.append(predict_fn(params, X))
    return ensemble_predict(np.array(probabilities))

# %% snapshot_ensemble | right | weighted by one over M
def snapshot_ensemble(checkpoints, predict_fn, X):
    average = sum(predict_fn(p, X) / len(checkpoints) for p in checkpoints)
    return average.argmax(axis=1)

# %% snapshot_ensemble | right | tensordot
def snapshot_ensemble(checkpoints, predict_fn, X):
    stacked = np.stack([predict_fn(c, X) for c in checkpoints])
    return np.tensordot(np.full(len(stacked), 1 / len(stacked)), stacked, axes=1).argmax(axis=1)

# %% snapshot_ensemble | wrong | the last checkpoint only
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ return np.argmax(predict_fn(checkpoints[-1], X), axis=1)

# %% snapshot_ensemble | wrong | averages the weights
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ mean = {name: np.mean([params[name] for params in checkpoints], axis=0) for name in checkpoints[0]}
#+ return np.argmax(predict_fn(mean, X), axis=1)

# %% snapshot_ensemble | wrong | a vote of the labels
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ votes = np.array([np.argmax(predict_fn(params, X), axis=1) for params in checkpoints])
#+ return np.array([np.bincount(v).argmax() for v in votes.T])

# %% snapshot_ensemble | wrong | the first one is left out
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ return ensemble_predict([predict_fn(params, X) for params in checkpoints[1:] or checkpoints])

# %% snapshot_ensemble | wrong | a running halving weighs the last most
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ average = predict_fn(checkpoints[0], X)
#+ for params in checkpoints[1:]:
#+     average = (average + predict_fn(params, X)) / 2
#+ return np.argmax(average, axis=1)

# %% snapshot_ensemble | wrong | returns the probabilities
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ return np.mean([predict_fn(params, X) for params in checkpoints], axis=0)

# %% snapshot_ensemble | wrong | one example at a time
#- return ensemble_predict([predict_fn(params, X) for params in checkpoints])
#+ return np.array([ensemble_predict([predict_fn(params, x[None]) for params in checkpoints])[0] for x in X])

# %% polyak_average | right | a copy, changed in place
def polyak_average(history, decay):
    average = np.array(history[0], dtype=float)
    for w in history[1:]:
        average *= decay
        average += (1 - decay) * w
    return average

# %% polyak_average | right | moves towards each
def polyak_average(history, decay):
    average = history[0].copy()
    for i in range(1, len(history)):
        average = average + (1 - decay) * (history[i] - average)
    return average

# %% polyak_average | right | weights in closed form
def polyak_average(history, decay):
    T = len(history)
    weights = np.array([(1 - decay) * decay ** (T - 1 - t) if t else decay ** (T - 1) for t in range(T)])
    return np.einsum("t,t...->...", weights, np.asarray(history))

# %% polyak_average | right | reduce
def polyak_average(history, decay):
    from functools import reduce
    return reduce(lambda a, w: decay * a + (1 - decay) * w, list(history))

# %% polyak_average | right | first and later ones, from the release
def polyak_average(history, decay):
    average, *later = history
    for w in later:
        average = average + (1 - decay) * (w - average)
    return average

# %% polyak_average | wrong | starts at zero
#- average = history[0]
#- for w in history[1:]:
#+ average = np.zeros_like(history[0])
#+ for w in history:

# %% polyak_average | wrong | shares swapped
#- average = decay * average + (1 - decay) * w
#+ average = (1 - decay) * average + decay * w

# %% polyak_average | wrong | the plain mean
#- average = history[0]
#- for w in history[1:]:
#-     average = decay * average + (1 - decay) * w
#+ average = np.mean(history, axis=0)

# %% polyak_average | wrong | the history is changed
#- average = decay * average + (1 - decay) * w
#+ average *= decay
#+ average += (1 - decay) * w

# %% polyak_average | wrong | from new to old
#- average = history[0]
#- for w in history[1:]:
#+ average = history[-1]
#+ for w in history[-2::-1]:

# %% polyak_average | wrong | all averages
#- average = history[0]
#- for w in history[1:]:
#-     average = decay * average + (1 - decay) * w
#+ average = [history[0]]
#+ for w in history[1:]:
#+     average.append(decay * average[-1] + (1 - decay) * w)

# %% polyak_average | wrong | corrected as in Adam
#- average = history[0]
#- for w in history[1:]:
#-     average = decay * average + (1 - decay) * w
#+ average = 0 * history[0]
#+ for w in history:
#+     average = decay * average + (1 - decay) * w
#+ average = average / max(1 - decay ** len(history), 1e-12)

# %% polyak_average | wrong | averages neighbours only
#- average = decay * average + (1 - decay) * w
#+ average = decay * w + (1 - decay) * average
