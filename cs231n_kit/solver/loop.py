"""The training loop: minibatches, an update rule, a learning rate schedule, histories, checkpoints."""

import copy
import difflib
import inspect
from collections.abc import Mapping

import numpy as np
from tqdm.auto import tqdm

from cs231n_kit.solver.checkpoint import load_checkpoint, save_checkpoint

# What students of other courses try, and what it is called here.
_ELSEWHERE = {
    "learning_rate": "optim_config={'learning_rate': ...}",
    "lr": "optim_config={'learning_rate': ...}",
    "lr_decay": "lr_schedule=lambda lr, epoch: lr * 0.95**epoch",
    "print_every": "verbose",
    "seed": "rng=np.random.default_rng(seed)",
}


def sgd(w, dw, config=None):
    """Plain stochastic gradient descent, the default update rule.

    Parameters
    ----------
    w, dw : parameter and its gradient, same shape
    config : dict with `learning_rate` (default 1e-2)

    Returns
    -------
    next_w, config
    """
    config = {} if config is None else config
    unknown = config.keys() - {"learning_rate"}
    if unknown:
        raise ValueError(f"sgd knows the option 'learning_rate' only; optim_config has {sorted(unknown)}")
    config.setdefault("learning_rate", 1e-2)
    return w - config["learning_rate"] * dw, config


class Solver:
    """Train a model by minibatch gradient descent and keep the parameters that validate best.

    The model has a dict `params` and a method `loss`: `loss(X, y)` returns the loss and a dict of gradients with
    the keys of `params`; `loss(X)` returns scores (N, C). Each epoch visits the training examples in a new
    random order, in batches of one size (what is left over after the last whole batch waits for another epoch).
    Accuracy is measured before training and after each epoch.

    Parameters
    ----------
    model : see above; its parameters are changed
    data : dict with, or object that has, X_train (N, ...), y_train (N,), X_val, y_val
    update_rule : function `(w, dw, config) -> (next_w, config)`; each parameter has a config of its own
    optim_config : dict of options for the update rule, such as `{"learning_rate": 1e-2}`
    lr_schedule : function `(lr0, t) -> lr`, where t counts epochs in fractions (2.5 is half-way through the third)
    batch_size : examples in a step; at most N
    num_epochs : passes over the training examples
    rng : numpy.random.Generator that shuffles (or a seed for one)
    num_train_samples : training examples that the training accuracy is measured on, spread evenly
    checkpoint : path of an `.npz` file that is written after each epoch; `resume` reads it
    verbose : False silences the progress bar

    Attributes
    ----------
    loss_history : loss of each step
    train_acc_history, val_acc_history : accuracies before training and after each epoch
    best_val_acc, best_params : the best validation accuracy, and copies of the parameters that reached it
    step, epoch : steps taken; epochs finished
    """

    def __init__(
        self,
        model,
        data,
        update_rule=sgd,
        optim_config=None,
        lr_schedule=None,
        *,
        rng,
        batch_size=100,
        num_epochs=10,
        num_train_samples=1000,
        checkpoint=None,
        verbose=True,
        **unknown,
    ):
        _refuse_unknown(unknown)
        self.optim_config = dict(optim_config or {})
        _check_functions(model, update_rule, lr_schedule, self.optim_config)
        self.X_train, self.y_train = _examples(data, "train")
        self.X_val, self.y_val = _examples(data, "val")
        self.model, self.update_rule, self.lr_schedule = model, update_rule, lr_schedule
        _check_classes(model, self.X_train, {"y_train": self.y_train, "y_val": self.y_val})
        self.rng = np.random.default_rng(rng)
        self.batch_size = min(_positive("batch_size", batch_size), len(self.X_train))
        self.num_epochs = _positive("num_epochs", num_epochs)
        self.num_train_samples = _positive("num_train_samples", num_train_samples)
        self.checkpoint, self.verbose = checkpoint, verbose

        self.optim_configs = {name: copy.deepcopy(self.optim_config) for name in model.params}
        self.steps_per_epoch = len(self.X_train) // self.batch_size
        self.step = 0
        self.loss_history, self.train_acc_history, self.val_acc_history = [], [], []
        self.best_val_acc, self._best = -np.inf, None
        self._order = None  # of the examples in this epoch
        self._last = None  # what training goes on from, while the model holds the best

    @property
    def epoch(self):
        return self.step // self.steps_per_epoch

    @property
    def best_params(self):
        return {} if self._best is None else self._best["params"]

    def train(self):
        """Train up to `num_epochs`, then put the best parameters into the model.

        Interrupting (the stop button) keeps what was learned; `train()` again goes on from there.

        Raises
        ------
        FloatingPointError : when the loss is NaN or infinite; the model keeps its best parameters
        ValueError, TypeError : when the model or the update rule breaks its contract
        """
        if self._last is not None:
            _restore(self.model, self._last)
        total = self.num_epochs * self.steps_per_epoch
        bar = tqdm(total=total, initial=self.step, unit="step", disable=not self.verbose)
        try:
            if not self.val_acc_history:
                self._evaluate(bar)
            while self.step < total:
                self._take_step()
                bar.update()
                if self.step % self.steps_per_epoch == 0:
                    self._evaluate(bar)
                    if self.checkpoint is not None:
                        self.save(self.checkpoint)
        except KeyboardInterrupt:
            self._keep_if_best(self.check_accuracy(self.X_val, self.y_val))
            print(
                f"Interrupted after {self.step} of {total} steps: the model keeps its best parameters so far "
                f"(validation accuracy {self.best_val_acc:.3f}). train() goes on from here."
            )
        finally:
            bar.close()
            self._last = _snapshot(self.model)
            if self._best is not None:
                _restore(self.model, self._best)

    def check_accuracy(self, X, y, num_samples=None):
        """Fraction of examples whose highest score is at the label.

        Parameters
        ----------
        X : (N, ...) inputs
        y : (N,) labels
        num_samples : use only so many, spread evenly over X

        Returns
        -------
        accuracy : float between 0 and 1
        """
        if num_samples is not None and num_samples < len(X):
            chosen = np.linspace(0, len(X) - 1, num_samples).astype(int)
            X, y = X[chosen], y[chosen]
        starts = range(0, len(X), self.batch_size)
        predicted = [np.argmax(self.model.loss(X[i : i + self.batch_size]), axis=1) for i in starts]
        return float(np.mean(np.concatenate(predicted) == y))

    def save(self, path):
        """Write all that training depends on to `path`, an `.npz` file without pickle."""
        current = _snapshot(self.model) if self._last is None else self._last
        fields = {name: getattr(self, name) for name in _SAVED}
        save_checkpoint(path, {**fields, "fits": self._fits(), "current": current})

    def resume(self, path):
        """Go back to a checkpoint: `train()` then ends with the same bits as if it had never stopped.

        The Solver is made with the same model, data and options as the one that wrote it; `num_epochs` may differ.

        Raises
        ------
        ValueError : when the file is damaged, or belongs to another model, data set or batch size
        """
        saved = load_checkpoint(path)
        if not isinstance(saved, dict) or saved.keys() != {*_SAVED, "fits", "current"}:
            raise ValueError(f"{path} is an .npz file, but not a checkpoint of Solver")
        for what, ours in self._fits().items():
            if saved["fits"].get(what) != ours:
                raise ValueError(
                    f"{path} was made with {what} {saved['fits'].get(what)}; this Solver has {ours}"
                )
        for name in _SAVED:
            setattr(self, name, saved[name])
        self._last = saved["current"]
        _restore(self.model, self._last)

    def _fits(self):
        """What a checkpoint and a Solver must have in common."""
        shapes = {name: list(np.shape(value)) for name, value in self.model.params.items()}
        return {"parameters": shapes, "batch_size": self.batch_size, "training examples": len(self.X_train)}

    def _take_step(self):
        position = self.step % self.steps_per_epoch
        if position == 0:
            self._order = self.rng.permutation(len(self.X_train))
        batch = self._order[position * self.batch_size : (position + 1) * self.batch_size]
        loss, grads = self._loss_and_gradients(self.X_train[batch], self.y_train[batch])
        updated = {}
        for name, w in self.model.params.items():
            config = self.optim_configs[name]
            if self.lr_schedule is not None:
                lr0 = self.optim_config["learning_rate"]
                config["learning_rate"] = self.lr_schedule(lr0, self.step / self.steps_per_epoch)
            updated[name] = self._update(name, w, grads[name], config)
        for name, (w, config) in updated.items():
            self.model.params[name], self.optim_configs[name] = w, config
        self.loss_history.append(loss)
        self.step += 1

    def _loss_and_gradients(self, X, y):
        """The model's answer, checked against its contract."""
        answer = self.model.loss(X, y)
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise TypeError(
                f"model.loss(X, y) must return (loss, grads); it returned {type(answer).__name__}"
            )
        loss, grads = answer
        if not np.isfinite(loss):
            raise FloatingPointError(self._divergence(loss))
        for name, w in self.model.params.items():
            if name not in grads:
                raise ValueError(
                    f"model.loss(X, y) returned no gradient for {name!r}: its keys are {sorted(grads)}"
                )
            if np.shape(grads[name]) != np.shape(w):
                raise ValueError(
                    f"the gradient of {name!r} has shape {np.shape(grads[name])}, {name!r} itself {np.shape(w)}"
                )
        return float(loss), grads

    def _update(self, name, w, dw, config):
        answer = self.update_rule(w, dw, config)
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], dict)):
            raise TypeError(
                f"the update rule must return (next_w, config), config a dict; {name!r} got {answer!r:.80}"
            )
        if np.shape(answer[0]) != np.shape(w):
            raise ValueError(
                f"the update rule turned {name!r} from shape {np.shape(w)} into {np.shape(answer[0])}"
            )
        return answer

    def _divergence(self, loss):
        """Where the loss stopped being a number, and what to try."""
        message = f"the loss is {loss} at step {self.step} (epoch {self.step / self.steps_per_epoch:.1f})"
        if not self.loss_history:
            return (
                f"{message}, the very first: no update was made yet, so the model or the data is at fault. "
                "Look for NaN in X_train, very large initial weights, the logarithm of 0, or an exponential that "
                "overflows."
            )
        rate = next(iter(self.optim_configs.values())).get("learning_rate")
        used = "" if rate is None else f" ({rate:.3g} now; try {rate / 10:.3g})"
        return (
            f"{message}; it was {self.loss_history[-1]:.4g} one step before. Most often the learning rate is too "
            f"high{used}. Otherwise look for the logarithm of 0, or an exponential that overflows, in the loss."
        )

    def _evaluate(self, bar):
        self.train_acc_history.append(self.check_accuracy(self.X_train, self.y_train, self.num_train_samples))
        self.val_acc_history.append(self.check_accuracy(self.X_val, self.y_val))
        self._keep_if_best(self.val_acc_history[-1])
        loss = f"{np.mean(self.loss_history[-self.steps_per_epoch :]):.3f}" if self.loss_history else "-"
        bar.set_postfix(
            loss=loss, train=f"{self.train_acc_history[-1]:.3f}", val=f"{self.val_acc_history[-1]:.3f}"
        )

    def _keep_if_best(self, val_acc):
        if val_acc >= self.best_val_acc:  # a tie goes to the longer training, so 0 throughout keeps the last
            self.best_val_acc, self._best = val_acc, _snapshot(self.model)


_SAVED = (
    "step", "rng", "_order", "optim_configs", "loss_history", "train_acc_history", "val_acc_history",
    "best_val_acc", "_best",
)  # fmt: skip


def _refuse_unknown(options):
    known = [name for name in inspect.signature(Solver).parameters if name != "unknown"]
    for name in options:
        close = difflib.get_close_matches(name, known, n=1)
        advice = _ELSEWHERE.get(name) or (close[0] if close else None)
        meant = f"Use {advice}. " if advice else ""
        raise TypeError(f"Solver has no option {name!r}. {meant}Its options are {', '.join(known)}.")


def _check_functions(model, update_rule, lr_schedule, optim_config):
    if not hasattr(model, "params") or not callable(getattr(model, "loss", None)):
        raise TypeError(
            f"Solver needs a model with a dict `params` and a method `loss(X, y)`; {type(model).__name__} lacks "
            f"{'`params`' if not hasattr(model, 'params') else '`loss`'}"
        )
    if len(model.params) == 0:
        raise ValueError("model.params is empty: there is nothing to train. Is it filled in __init__?")
    if not callable(update_rule):
        raise TypeError(
            f"update_rule is a function, such as update_rule=sgd, without quotes; got {update_rule!r}"
        )
    if lr_schedule is not None and not callable(lr_schedule):
        raise TypeError(f"lr_schedule is a function (lr0, t) -> lr; got {lr_schedule!r}")
    if lr_schedule is not None and "learning_rate" not in optim_config:
        raise ValueError("a schedule starts from optim_config['learning_rate'], which is not given")


def _examples(data, split):
    """X and y of one split, from a dict or from fields."""
    pair = []
    for name in (f"X_{split}", f"y_{split}"):
        value = data.get(name) if isinstance(data, Mapping) else getattr(data, name, None)
        if value is None:
            raise ValueError(f"the data has no {name}: Solver needs X_train, y_train, X_val and y_val")
        pair.append(np.asarray(value))
    X, y = pair
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y) or len(X) == 0:
        found = [len(each) if each.ndim else "no" for each in pair]
        raise ValueError(
            f"X_{split} has {found[0]} examples, y_{split} {found[1]} labels: as many are needed, at least 1"
        )
    if X.dtype == np.uint8:
        raise TypeError(
            f"X_{split} holds raw pictures (uint8): train on dataset.tensors(...), which are floats"
        )
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        bad = np.unique(np.nonzero(~np.isfinite(X))[0])
        raise ValueError(
            f"X_{split} has NaN or infinite entries in {len(bad)} of {len(X)} examples, the first in example {bad[0]}: "
            "no network learns from them"
        )
    return X, _labels(y, split)


def _labels(y, split):
    """Labels as (N,) integers from 0 on, or what they are and how to make them so."""
    name = f"y_{split}"
    wanted = f"{name} must be (N,) integers in 0 .. C - 1"
    if y.ndim == 2 and y.shape[1] == 1:
        raise ValueError(f"{wanted}; it has shape {y.shape}. Flatten it: {name}.ravel()")
    if y.ndim == 2:
        raise ValueError(f"{wanted}; it has shape {y.shape}. If it is one-hot: {name}.argmax(axis=1)")
    if y.ndim != 1:
        raise ValueError(f"{wanted}; it has shape {y.shape}")
    if y.dtype.kind not in "iu":
        raise TypeError(f"{wanted}; its dtype is {y.dtype}. If they are whole numbers: {name}.astype(int)")
    if y.min() < 0:
        raise ValueError(f"{wanted}; the smallest is {y.min()}")
    return y


def _check_classes(model, X, labels):
    """Ask the model for the scores of one example: there is one for each class, and no label is beyond them."""
    scores = np.asarray(model.loss(X[:1]))
    if scores.ndim != 2 or len(scores) != 1:
        raise ValueError(
            f"model.loss(X) must return scores (N, C); for one example came shape {scores.shape}"
        )
    num_classes = scores.shape[1]
    for name, y in labels.items():
        if y.max() >= num_classes:
            raise ValueError(
                f"{name} must be (N,) integers in 0 .. C - 1; the model scores C = {num_classes} classes, the largest "
                f"label is {y.max()}"
            )


def _positive(name, value):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number from 1 on; got {value!r}")
    return int(value)


def _snapshot(model):
    """Copies of the parameters and of what else training changes: batchnorm's running means, generators."""
    params = {name: np.array(value) for name, value in model.params.items()}
    public = {
        name: value for name, value in vars(model).items() if name != "params" and not name.startswith("_")
    }
    return {
        "params": params,
        "state": {name: copy.deepcopy(value) for name, value in public.items() if _holds_state(value)},
    }


def _holds_state(value):
    """Whether value is an array or a generator, or a list or dict with one inside."""
    if isinstance(value, Mapping):
        return any(_holds_state(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds_state(item) for item in value)
    return isinstance(value, (np.ndarray, np.random.Generator))


def _restore(model, snapshot):
    for name, value in snapshot["params"].items():
        model.params[name] = value.copy()
    for name, value in snapshot["state"].items():
        setattr(model, name, copy.deepcopy(value))
