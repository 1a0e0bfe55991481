"""Solver: what it learns and keeps, its histories, checkpoints, interrupts, and its errors."""

import numpy as np
import pytest

from cs231n_kit.solver import Solver, sgd
from cs231n_kit.solver.checkpoint import load_checkpoint, save_checkpoint


class Linear:
    """Softmax regression; optionally with batchnorm-like running state and a generator of its own."""

    def __init__(self, dim=2, num_classes=3, dtype=np.float64):
        self.params = {"W": np.zeros((dim, num_classes), dtype), "b": np.zeros(num_classes, dtype)}

    def loss(self, X, y=None):
        scores = X @ self.params["W"] + self.params["b"]
        if y is None:
            return scores
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(len(y)), y]).mean()
        p[np.arange(len(y)), y] -= 1
        return loss, {"W": X.T @ p / len(y), "b": p.mean(axis=0)}


class Stateful(Linear):
    """Scores depend on a running mean and on noise from the model's own generator."""

    def __init__(self):
        super().__init__()
        self.bn_params = [{"mode": "train", "running_mean": np.zeros(2)}]
        self.noise = np.random.default_rng(3)
        self.reg = 0.1

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X - self.bn_params[0]["running_mean"])
        self.bn_params[0]["running_mean"] = 0.9 * self.bn_params[0]["running_mean"] + 0.1 * X.mean(axis=0)
        return super().loss(X + self.noise.normal(size=X.shape), y)


def clusters(num=120, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=num)
    X = rng.normal(size=(num, 2)) + 6 * np.eye(3)[y][:, :2]
    return {"X_train": X[20:], "y_train": y[20:], "X_val": X[:20], "y_val": y[:20]}


def momentum(w, dw, config):
    v = 0.9 * config.get("velocity", np.zeros_like(w)) - config["learning_rate"] * dw
    config["velocity"] = v
    config["t"] = config.get("t", 0) + 1
    return w + v, config


def solver(model=None, data=None, **options):
    options = {"rng": np.random.default_rng(1), "batch_size": 8, "num_epochs": 3, "verbose": False} | options
    return Solver(Linear() if model is None else model, clusters() if data is None else data, **options)


def same(a, b):
    assert a.keys() == b.keys()
    assert all(np.array_equal(a[name], b[name]) and a[name].dtype == b[name].dtype for name in a)


def test_it_learns_and_its_histories_have_the_right_lengths():
    s = solver(optim_config={"learning_rate": 0.1}, num_epochs=5)
    s.train()
    assert s.best_val_acc > 0.85
    assert len(s.loss_history) == 5 * (100 // 8)
    assert len(s.train_acc_history) == len(s.val_acc_history) == 5 + 1
    assert s.loss_history[0] == pytest.approx(np.log(3))
    assert s.best_val_acc == max(s.val_acc_history)
    same(s.model.params, s.best_params)


def test_the_same_generator_gives_the_same_bits_and_another_one_does_not():
    one, two, three = solver(), solver(), solver(rng=np.random.default_rng(2))
    for s in (one, two, three):
        s.train()
    same(one.model.params, two.model.params)
    assert one.loss_history != three.loss_history


def test_every_example_is_visited_once_an_epoch():
    seen = []

    class Recorder(Linear):
        def loss(self, X, y=None):
            if y is not None:
                seen.extend(X[:, 0])
            return super().loss(X, y)

    data = clusters()
    solver(Recorder(), data, batch_size=10, num_epochs=2).train()
    assert sorted(seen[:100]) == sorted(seen[100:]) == sorted(data["X_train"][:, 0])
    assert seen[:100] != seen[100:]


def test_each_parameter_has_its_own_config_and_the_callers_dict_is_left_alone():
    options = {"learning_rate": 0.1}
    s = solver(update_rule=momentum, optim_config=options)
    s.train()
    assert options == {"learning_rate": 0.1}
    assert s.optim_configs["W"]["velocity"].shape == (2, 3)
    assert s.optim_configs["b"]["velocity"].shape == (3,)
    assert s.optim_configs["b"]["t"] == s.step


def test_a_rule_that_updates_in_place_does_not_spoil_the_best_parameters():
    def in_place(w, dw, config):
        w -= 50.0 * dw  # far too much: accuracy goes up and down
        return w, config

    s = solver(update_rule=in_place, num_epochs=4)
    s.train()
    assert s.check_accuracy(s.X_val, s.y_val) == s.best_val_acc


def test_best_parameters_are_kept_when_accuracy_is_zero_throughout():
    data = clusters()
    data["y_val"] = np.full(20, 3)  # a class that training never sees
    s = solver(Linear(num_classes=4), data=data)
    s.train()
    assert s.best_val_acc == 0
    assert s.best_params.keys() == {"W", "b"}
    assert np.abs(s.model.params["W"]).max() > 0  # trained ones, not the first


def test_the_schedule_sees_the_first_rate_and_fractions_of_an_epoch():
    calls, rates = [], []

    def schedule(lr0, t):
        calls.append((lr0, t))
        return lr0 / (1 + t)

    def rule(w, dw, config):
        rates.append(config["learning_rate"])
        return sgd(w, dw, config)

    s = solver(lr_schedule=schedule, update_rule=rule, optim_config={"learning_rate": 0.2}, batch_size=50)
    s.train()
    assert calls[::2] == [(0.2, 0.0), (0.2, 0.5), (0.2, 1.0), (0.2, 1.5), (0.2, 2.0), (0.2, 2.5)]
    assert rates[::2] == pytest.approx([0.2 / (1 + t) for t in (0, 0.5, 1, 1.5, 2, 2.5)])


def test_float32_stays_float32():
    data = {k: v.astype(np.float32) if k[0] == "X" else v for k, v in clusters().items()}
    s = solver(Linear(dtype=np.float32), data)
    s.train()
    assert all(w.dtype == np.float32 for w in s.model.params.values())


def test_data_may_be_an_object_with_fields_and_batches_no_larger_than_the_data():
    class Fields:
        pass

    data = Fields()
    vars(data).update(clusters())
    s = solver(data=data, batch_size=1000)
    s.train()
    assert s.batch_size == 100 and len(s.loss_history) == 3


@pytest.mark.parametrize("model", [Linear, Stateful])
def test_resuming_gives_the_same_bits(tmp_path, model):
    path = tmp_path / "run.npz"
    whole = solver(model(), update_rule=momentum, optim_config={"learning_rate": 0.05}, num_epochs=6)
    whole.train()
    first = solver(
        model(), update_rule=momentum, optim_config={"learning_rate": 0.05}, num_epochs=2, checkpoint=path
    )
    first.train()
    rest = solver(
        model(),
        update_rule=momentum,
        optim_config={"learning_rate": 0.05},
        num_epochs=6,
        rng=np.random.default_rng(9),
    )
    rest.resume(path)
    rest.train()
    same(rest.model.params, whole.model.params)
    same(rest._last["params"], whole._last["params"])
    assert rest.loss_history == whole.loss_history
    assert rest.val_acc_history == whole.val_acc_history
    assert rest.train_acc_history == whole.train_acc_history
    if model is Stateful:
        assert np.array_equal(
            rest.model.bn_params[0]["running_mean"], whole.model.bn_params[0]["running_mean"]
        )


def test_the_best_parameters_go_with_the_running_means_they_were_measured_with():
    s = solver(Stateful(), optim_config={"learning_rate": 0.5}, num_epochs=6)
    s.train()
    assert s.check_accuracy(s.X_val, s.y_val) == s.best_val_acc
    s.model.reg = 0.7  # an option, not a state: training does not undo it
    s.num_epochs = 7
    s.train()
    assert s.model.reg == 0.7


def test_training_on_after_the_end_equals_training_in_one_go():
    whole, parts = solver(num_epochs=4), solver(num_epochs=2)
    whole.train()
    parts.train()
    parts.num_epochs = 4
    parts.train()
    same(whole.model.params, parts.model.params)
    assert whole.loss_history == parts.loss_history


class Interrupting(Linear):
    """Raises `error` at the n-th training step, once."""

    def __init__(self, at, error=KeyboardInterrupt):
        super().__init__()
        self.calls, self.at, self.error = 0, at, error

    def loss(self, X, y=None):
        if y is not None:
            self.calls += 1
            if self.calls == self.at:
                raise self.error
        return super().loss(X, y)


def test_an_interrupt_keeps_what_was_learned_and_training_goes_on_from_there(capsys):
    s = solver(Interrupting(at=10), num_epochs=2)
    s.train()
    assert s.step == 9 and np.abs(s.model.params["W"]).max() > 0
    assert "Interrupted after 9 of 24 steps" in capsys.readouterr().out
    s.train()
    whole = solver(num_epochs=2)
    whole.train()
    assert s.loss_history == whole.loss_history
    same(s._last["params"], whole._last["params"])


def test_a_checkpoint_in_the_middle_of_an_epoch_resumes_with_the_same_bits(tmp_path):
    stopped = solver(Interrupting(at=18), num_epochs=3)
    stopped.train()
    stopped.save(tmp_path / "run.npz")
    rest, whole = solver(rng=np.random.default_rng(9)), solver()
    rest.resume(tmp_path / "run.npz")
    rest.train()
    whole.train()
    same(rest._last["params"], whole._last["params"])
    assert rest.loss_history == whole.loss_history


def test_a_nan_loss_stops_names_the_step_and_keeps_the_best():
    class Exploding(Linear):
        def loss(self, X, y=None):
            if y is None:
                return super().loss(X)
            loss, grads = super().loss(X, y)
            return (np.nan if np.abs(self.params["W"]).max() > 1 else loss), grads

    s = solver(Exploding(), optim_config={"learning_rate": 0.5}, num_epochs=20)
    with pytest.raises(
        FloatingPointError, match=r"at step \d+ .*learning rate is too high \(0.5 now; try 0.05\)"
    ):
        s.train()
    same(s.model.params, s.best_params)
    assert len(s.loss_history) == s.step


def test_a_nan_loss_at_the_first_step_blames_the_model_or_the_data():
    class Overflowing(Linear):
        def loss(self, X, y=None):
            return super().loss(X) if y is None else (np.nan, super().loss(X, y)[1])

    with pytest.raises(FloatingPointError, match=r"the very first.*NaN in X_train"):
        solver(Overflowing()).train()


def test_model_without_params_or_loss():
    with pytest.raises(TypeError, match="int lacks `params`"):
        Solver(3, clusters(), rng=0)
    empty = Linear()
    empty.params = {}
    with pytest.raises(ValueError, match="empty"):
        solver(empty)


@pytest.mark.parametrize(
    "option, says",
    [
        ({"learning_rate": 1.0}, "optim_config="),
        ({"lr_decay": 0.95}, "lr_schedule=lambda"),
        ({"batchsize": 3}, "Use batch_size"),
        ({"banana": 3}, "Its options are model, data"),
    ],
)
def test_unknown_options_are_refused_with_what_was_meant(option, says):
    with pytest.raises(TypeError, match="no option") as caught:
        solver(**option)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "option, error, says",
    [
        ({"update_rule": "adam"}, TypeError, "is a function"),
        ({"optim_config": {"lr": 1.0}}, ValueError, "knows the option 'learning_rate' only"),
        ({"lr_schedule": lambda lr, t: lr}, ValueError, "optim_config\\['learning_rate'\\]"),
        ({"batch_size": 0}, ValueError, "batch_size must be a whole number"),
        ({"num_epochs": 1.5}, ValueError, "num_epochs must be a whole number"),
        ({"update_rule": lambda w, dw, config: w}, TypeError, "must return \\(next_w, config\\)"),
        ({"update_rule": lambda w, dw, config: (w[:1], config)}, ValueError, "turned 'W' from shape"),
    ],
)
def test_bad_options(option, error, says):
    with pytest.raises(error, match=says):
        solver(**option).train()


@pytest.mark.parametrize(
    "change, error, says",
    [
        ({"X_val": None}, ValueError, "no X_val"),
        ({"y_train": np.zeros(3, int)}, ValueError, "100 examples, y_train 3 labels"),
        ({"X_train": np.zeros((100, 2), np.uint8)}, TypeError, "dataset.tensors"),
        ({"X_train": np.float64(3)}, ValueError, "no examples"),
        ({"y_train": np.zeros((100, 1), int)}, ValueError, r"y_train.ravel\(\)"),
        ({"y_val": np.zeros((20, 1), int)}, ValueError, r"y_val.ravel\(\)"),
        ({"y_train": np.eye(3)[np.zeros(100, int)]}, ValueError, r"one-hot: y_train.argmax\(axis=1\)"),
        ({"y_train": np.zeros(100)}, TypeError, r"dtype is float64.*y_train.astype\(int\)"),
        ({"y_val": np.zeros(20, bool)}, TypeError, "dtype is bool"),
        ({"y_train": np.full(100, -1)}, ValueError, "the smallest is -1"),
        ({"y_train": np.full(100, 3)}, ValueError, "C = 3 classes, the largest label is 3"),
        ({"y_val": np.full(20, 7)}, ValueError, "y_val .* the largest label is 7"),
        (
            {"X_train": np.where(np.arange(200).reshape(100, 2) == 5, np.nan, 1.0)},
            ValueError,
            "the first in example 2",
        ),
        ({"X_val": np.full((20, 2), np.inf)}, ValueError, "X_val has NaN or infinite entries in 20 of 20"),
    ],
)
def test_bad_data(change, error, says):
    with pytest.raises(error, match=says):
        solver(data=clusters() | change)


@pytest.mark.parametrize(
    "answer, error, says",
    [
        (1.0, TypeError, "must return \\(loss, grads\\)"),
        ((1.0, {"W": np.zeros((2, 3))}), ValueError, "no gradient for 'b'"),
        (
            (1.0, {"W": np.zeros((3, 2)), "b": np.zeros(3)}),
            ValueError,
            "gradient of 'W' has shape \\(3, 2\\)",
        ),
    ],
)
def test_a_model_that_breaks_the_contract(answer, error, says):
    class Broken(Linear):
        def loss(self, X, y=None):
            return super().loss(X) if y is None else answer

    with pytest.raises(error, match=says):
        solver(Broken()).train()


def test_a_checkpoint_of_another_model_is_refused_and_nothing_changes(tmp_path):
    path = tmp_path / "run.npz"
    s = solver(checkpoint=path, num_epochs=1)
    s.train()
    other = solver(batch_size=9)
    with pytest.raises(ValueError, match="batch_size 8; this Solver has 9"):
        other.resume(path)
    wide = solver(Linear(num_classes=4))
    with pytest.raises(ValueError, match="parameters"):
        wide.resume(path)
    assert wide.step == 0 and wide.model.params["W"].shape == (2, 4)


def test_damaged_and_missing_checkpoints(tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(FileNotFoundError, match="no checkpoint"):
        solver().resume(path)
    save_checkpoint(path, {"a": np.arange(1000.0)})
    path.write_bytes(path.read_bytes()[:-700])
    with pytest.raises(ValueError, match="damaged"):
        load_checkpoint(path)
    np.savez(path, x=np.zeros(3))
    with pytest.raises(ValueError, match="not a checkpoint"):
        solver().resume(path)
    np.savez(path, skeleton=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="not a checkpoint"):
        solver().resume(path)  # a pickle inside is not opened


def test_plain_data_comes_back_bit_for_bit(tmp_path):
    path = tmp_path / "data.npz"
    rng = np.random.default_rng(0)
    tree = {
        "f": 0.1, "nan": float("nan"), "none": None, "s": "ü", "i": 2**80, 3: (np.float32(0.1), [True]),
        "a": np.arange(6, dtype=np.int8).reshape(2, 3), "rng": rng,
    }  # fmt: skip
    save_checkpoint(path, tree)
    back = load_checkpoint(path)
    assert back.keys() == tree.keys()
    assert back["f"] == 0.1 and np.isnan(back["nan"]) and back["i"] == 2**80 and back["s"] == "ü"
    assert isinstance(back[3], tuple) and back[3][0].dtype == np.float32 and back[3][1] == [True]
    assert back["a"].dtype == np.int8 and np.array_equal(back["a"], tree["a"])
    assert np.array_equal(back["rng"].normal(size=3), rng.normal(size=3))


def test_a_write_that_fails_leaves_the_older_checkpoint(tmp_path):
    path = tmp_path / "data.npz"
    save_checkpoint(path, {"a": 1})
    with pytest.raises(TypeError, match="cannot keep a object"):
        save_checkpoint(path, {"a": object()})
    assert load_checkpoint(path) == {"a": 1}
    assert list(tmp_path.iterdir()) == [path]
