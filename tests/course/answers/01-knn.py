"""Right and wrong answers to 01-knn. docs/writing-exercises.md says how this file is read."""

# %% warm_up | right | f-string
def warm_up(name):
    return f"Hello, {name}!"

# %% warm_up | right | concatenation
def warm_up(name):
    return "Hello, " + name + "!"

# %% warm_up | right | format
def warm_up(name):
    greeting = "Hello, {}!".format(name)
    return greeting

# %% warm_up | right | percent sign
def warm_up(name):
    return "Hello, %s!" % name

# %% warm_up | wrong | prints in place of returning
def warm_up(name):
    print(f"Hello, {name}!")

# %% warm_up | wrong | answers the example only
def warm_up(name):
    return "Hello, Ada!"

# %% warm_up | wrong | forgets the comma
def warm_up(name):
    return f"Hello {name}!"

# %% warm_up | wrong | no f before the string
def warm_up(name):
    return "Hello, {name}!"

# %% compute_distances_two_loops | right | as in the notes
def compute_distances_two_loops(X, X_train):
    dists = np.zeros((X.shape[0], X_train.shape[0]))
    for i in range(X.shape[0]):
        for j in range(X_train.shape[0]):
            dists[i, j] = np.sqrt(np.sum(np.square(X[i, :] - X_train[j, :])))
    return dists

# %% compute_distances_two_loops | right | dot product of the difference
def compute_distances_two_loops(X, X_train):
    M, N = len(X), len(X_train)
    dists = np.empty((M, N))
    for i in range(M):
        for j in range(N):
            diff = X[i] - X_train[j]
            dists[i][j] = diff.dot(diff) ** 0.5
    return dists

# %% compute_distances_two_loops | right | plain Python, three loops
import math

def compute_distances_two_loops(X, X_train):
    rows = []
    for a in X:
        row = []
        for b in X_train:
            total = 0.0
            for s, t in zip(a, b):
                total += (float(s) - float(t)) ** 2
            row.append(math.sqrt(total))
        rows.append(row)
    return np.array(rows)

# %% compute_distances_two_loops | right | list comprehension
def compute_distances_two_loops(X, X_train):
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in X_train] for a in X])

# %% compute_distances_two_loops | right | float32 kept, einsum
def compute_distances_two_loops(X, X_train):
    dists = np.zeros((len(X), len(X_train)), dtype=X.dtype)
    for j in range(len(X_train)):
        for i in range(len(X)):
            d = X[i] - X_train[j]
            dists[i, j] = np.sqrt(np.einsum("d,d", d, d))
    return dists

# %% compute_distances_two_loops | wrong | forgets the root
#- dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
#+ dists[i, j] = np.sum((X[i] - X_train[j]) ** 2)

# %% compute_distances_two_loops | wrong | sum of absolute differences
#- dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
#+ dists[i, j] = np.sum(np.abs(X[i] - X_train[j]))

# %% compute_distances_two_loops | wrong | root inside the sum
#- dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
#+ dists[i, j] = np.sum(np.sqrt((X[i] - X_train[j]) ** 2))

# %% compute_distances_two_loops | wrong | mean in place of sum
#- dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
#+ dists[i, j] = np.sqrt(np.mean((X[i] - X_train[j]) ** 2))

# %% compute_distances_two_loops | wrong | transposed
#- return dists
#+ return dists.T

# %% compute_distances_two_loops | slip | np.linalg.norm
#- dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
#+ dists[i, j] = np.linalg.norm(X[i] - X_train[j])

# %% compute_distances_two_loops | wrong | norm under another name
from numpy.linalg import norm as length

def compute_distances_two_loops(X, X_train):
    from scipy.spatial.distance import cdist as c

    return c(X, X_train)

# %% compute_distances_two_loops | slip | subtracts in place
def compute_distances_two_loops(X, X_train):
    dists = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        for j in range(len(X_train)):
            row = X[i]
            row -= X_train[j]
            dists[i, j] = np.sqrt(np.sum(row**2))
            row += X_train[j]
        X[i] = 0
    return dists

# %% compute_distances_two_loops | wrong | last row forgotten
#- for i in range(len(X)):
#+ for i in range(len(X) - 1):

# %% compute_distances_two_loops | wrong | integers
#- dists = np.zeros((len(X), len(X_train)))
#+ dists = np.zeros((len(X), len(X_train)), dtype=int)

# %% compute_distances_two_loops | wrong | returns nothing
#- return dists
#+ pass

# %% compute_distances_one_loop | right | broadcasting
def compute_distances_one_loop(X, X_train):
    dists = np.zeros((X.shape[0], X_train.shape[0]))
    for i in range(X.shape[0]):
        dists[i, :] = np.sqrt(np.sum((X[i] - X_train) ** 2, axis=1))
    return dists

# %% compute_distances_one_loop | right | loop over the training rows
def compute_distances_one_loop(X, X_train):
    dists = np.zeros((len(X), len(X_train)))
    for j, row in enumerate(X_train):
        dists[:, j] = np.sqrt(((X - row) ** 2).sum(1))
    return dists

# %% compute_distances_one_loop | right | one comprehension
def compute_distances_one_loop(X, X_train):
    return np.stack([np.sqrt(np.square(X_train - row).sum(axis=-1)) for row in X])

# %% compute_distances_one_loop | right | einsum on own copy, in place
def compute_distances_one_loop(X, X_train):
    dists = np.empty((len(X), len(X_train)), dtype=X.dtype)
    i = 0
    while i < len(X):
        diff = X_train.copy()
        diff -= X[i]
        dists[i] = np.einsum("nd,nd->n", diff, diff) ** 0.5
        i += 1
    return dists

# %% compute_distances_one_loop | right | product expanded
def compute_distances_one_loop(X, X_train):
    lengths = (X_train**2).sum(axis=1)
    dists = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        dists[i] = np.sqrt(np.maximum(X[i] @ X[i] + lengths - 2 * X_train @ X[i], 0))
    return dists

# %% compute_distances_one_loop | wrong | sums over everything
#- dists[i] = np.sqrt(np.sum((X_train - row) ** 2, axis=1))
#+ dists[i] = np.sqrt(np.sum((X_train - row) ** 2))

# %% compute_distances_one_loop | wrong | sums over the rows
def compute_distances_one_loop(X, X_train):
    dists = np.zeros((len(X), len(X_train)))
    for i, row in enumerate(X):
        sums = np.sqrt(np.sum((X_train - row) ** 2, axis=0))
        dists[i, : len(sums)] = sums[: len(X_train)]
    return dists

# %% compute_distances_one_loop | wrong | forgets the root
#- dists[i] = np.sqrt(np.sum((X_train - row) ** 2, axis=1))
#+ dists[i] = np.sum((X_train - row) ** 2, axis=1)

# %% compute_distances_one_loop | wrong | two loops again
def compute_distances_one_loop(X, X_train):
    dists = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        for j in range(len(X_train)):
            dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
    return dists

# %% compute_distances_one_loop | wrong | a loop hidden in a comprehension
def compute_distances_one_loop(X, X_train):
    dists = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        dists[i] = [np.sqrt(np.sum((X[i] - b) ** 2)) for b in X_train]
    return dists

# %% compute_distances_one_loop | slip | linalg norm
#- dists[i] = np.sqrt(np.sum((X_train - row) ** 2, axis=1))
#+ dists[i] = np.linalg.norm(X_train - row, axis=1)

# %% compute_distances_one_loop | slip | changes the training set
def compute_distances_one_loop(X, X_train):
    dists = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        X_train -= X[i]
        dists[i] = np.sqrt(np.sum(X_train**2, axis=1))
        X_train += X[i]
    X_train += 1e-3
    return dists

# %% compute_distances_one_loop | wrong | transposed
#- return dists
#+ return dists.T

# %% compute_distances_no_loops | right | matrix product
def compute_distances_no_loops(X, X_train):
    test_sum = np.sum(np.square(X), axis=1).reshape(-1, 1)
    train_sum = np.sum(np.square(X_train), axis=1)
    return np.sqrt(np.maximum(test_sum + train_sum - 2 * np.dot(X, X_train.T), 0))

# %% compute_distances_no_loops | right | einsum for the lengths, inner for the products
def compute_distances_no_loops(X, X_train):
    squares = np.inner(X, X_train)
    squares *= -2
    squares += np.einsum("md,md->m", X, X)[:, np.newaxis]
    squares += np.einsum("nd,nd->n", X_train, X_train)[np.newaxis]
    return np.sqrt(np.clip(squares, 0, None))

# %% compute_distances_no_loops | right | homogeneous coordinates, one product for everything
def compute_distances_no_loops(X, X_train):
    left = np.hstack([-2 * X, (X * X).sum(1, keepdims=True), np.ones((len(X), 1))])
    right = np.hstack([X_train, np.ones((len(X_train), 1)), (X_train * X_train).sum(1, keepdims=True)])
    return np.sqrt(np.abs(left @ right.T))

# %% compute_distances_no_loops | right | centred first
def compute_distances_no_loops(X, X_train):
    centre = X_train.mean(axis=0)
    A, B = X - centre, X_train - centre
    d2 = np.add.outer((A**2).sum(1), (B**2).sum(1)) - 2 * A.dot(B.T)
    d2[d2 < 0] = 0
    return d2**0.5

# %% compute_distances_no_loops | right | einsum alone
def compute_distances_no_loops(X, X_train):
    cross = np.einsum("md,nd->mn", X, X_train)
    lengths = (X**2).sum(axis=1)[:, None] + (X_train**2).sum(axis=1)
    return np.sqrt(np.maximum(lengths - 2 * cross, 0))

# %% compute_distances_no_loops | right | float64 inside
def compute_distances_no_loops(X, X_train):
    A = X.astype(np.float64)
    B = X_train.astype(np.float64)
    squares = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1)[None, :] - 2 * np.matmul(A, B.transpose())
    return np.sqrt(np.where(squares > 0, squares, 0.0))

# %% compute_distances_no_loops | wrong | an (M, N, D) array
def compute_distances_no_loops(X, X_train):
    return np.sqrt(((X[:, None, :] - X_train[None, :, :]) ** 2).sum(axis=2))

# %% compute_distances_no_loops | wrong | forgets the root
#- return np.sqrt(np.maximum(squares, 0))
#+ return np.maximum(squares, 0)

# %% compute_distances_no_loops | slip | nan for a picture and itself
#- return np.sqrt(np.maximum(squares, 0))
#+ return np.sqrt(squares)

# %% compute_distances_no_loops | wrong | plus in place of minus
#- squares = np.sum(X**2, axis=1, keepdims=True) - 2 * X @ X_train.T + np.sum(X_train**2, axis=1)
#+ squares = np.sum(X**2, axis=1, keepdims=True) + 2 * X @ X_train.T + np.sum(X_train**2, axis=1)

# %% compute_distances_no_loops | wrong | forgets the 2
#- squares = np.sum(X**2, axis=1, keepdims=True) - 2 * X @ X_train.T + np.sum(X_train**2, axis=1)
#+ squares = np.sum(X**2, axis=1, keepdims=True) - X @ X_train.T + np.sum(X_train**2, axis=1)

# %% compute_distances_no_loops | wrong | lengths the wrong way round
#- squares = np.sum(X**2, axis=1, keepdims=True) - 2 * X @ X_train.T + np.sum(X_train**2, axis=1)
#+ squares = np.sum(X**2, axis=1) - 2 * (X @ X_train.T).T + np.sum(X_train**2, axis=1, keepdims=True)

# %% compute_distances_no_loops | wrong | a comprehension
def compute_distances_no_loops(X, X_train):
    return np.array([np.sqrt(((X_train - row) ** 2).sum(axis=1)) for row in X])

# %% compute_distances_no_loops | wrong | cdist
def compute_distances_no_loops(X, X_train):
    from scipy.spatial.distance import cdist

    return cdist(X, X_train)

# %% compute_distances_no_loops | wrong | apply_along_axis
def compute_distances_no_loops(X, X_train):
    return np.apply_along_axis(lambda row: np.sqrt(((X_train - row) ** 2).sum(axis=1)), 1, X)

# %% compute_distances_no_loops | wrong | calls the version with one loop
def compute_distances_no_loops(X, X_train):
    return compute_distances_one_loop(X, X_train)

# %% compute_distances_no_loops | slip | squares its inputs in place
def compute_distances_no_loops(X, X_train):
    products = X @ X_train.T
    X *= X
    X_train *= X_train
    return np.sqrt(np.maximum(X.sum(1)[:, None] - 2 * products + X_train.sum(1), 0))

# %% predict_labels | right | loop, argsort, bincount
def predict_labels(dists, y_train, k=1):
    y_pred = np.zeros(dists.shape[0], dtype=int)
    for i in range(dists.shape[0]):
        closest = y_train[np.argsort(dists[i])[:k]]
        y_pred[i] = np.argmax(np.bincount(closest))
    return y_pred

# %% predict_labels | right | unique, counts sorted
def predict_labels(dists, y_train, k=1):
    result = []
    for row in dists:
        labels, counts = np.unique(y_train[row.argsort()[:k]], return_counts=True)
        result.append(labels[counts.argmax()])
    return np.array(result)

# %% predict_labels | right | Counter with the tie spelled out
from collections import Counter

def predict_labels(dists, y_train, k=1):
    answers = []
    for row in dists:
        order = sorted(range(len(row)), key=lambda j: row[j])
        votes = Counter(int(y_train[j]) for j in order[:k])
        answers.append(min(votes, key=lambda label: (-votes[label], label)))
    return np.asarray(answers)

# %% predict_labels | right | argpartition and one-hot votes, no loop
def predict_labels(dists, y_train, k=1):
    nearest = np.argpartition(dists, k - 1, axis=1)[:, :k]
    votes = np.zeros((len(dists), y_train.max() + 1))
    np.add.at(votes, (np.arange(len(dists))[:, None], y_train[nearest]), 1)
    return votes.argmax(axis=1)

# %% predict_labels | right | scipy's mode
from scipy.stats import mode

def predict_labels(dists, y_train, k=1):
    return mode(y_train[np.argsort(dists, axis=1, kind="stable")[:, :k]], axis=1).mode

# %% predict_labels | wrong | the farthest k
#- nearest = np.argsort(dists, axis=1)[:, :k]
#+ nearest = np.argsort(-dists, axis=1)[:, :k]

# %% predict_labels | wrong | sorts along the wrong axis
def predict_labels(dists, y_train, k=1):
    nearest = np.argsort(dists, axis=0)[:k].T
    nearest = np.resize(nearest, (len(dists), k)) % len(y_train)
    return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])

# %% predict_labels | wrong | returns places, not labels
#- return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])
#+ return nearest[:, 0]

# %% predict_labels | wrong | ignores k
#- nearest = np.argsort(dists, axis=1)[:, :k]
#+ nearest = np.argsort(dists, axis=1)[:, :1]

# %% predict_labels | slip | tie goes to the nearest
from collections import Counter

def predict_labels(dists, y_train, k=1):
    return np.array([Counter(y_train[np.argsort(row)[:k]].tolist()).most_common(1)[0][0] for row in dists])

# %% predict_labels | slip | tie goes to the larger label
def predict_labels(dists, y_train, k=1):
    out = []
    for row in dists:
        counts = np.bincount(y_train[np.argsort(row)[:k]])
        out.append(len(counts) - 1 - counts[::-1].argmax())
    return np.array(out)

# %% predict_labels | wrong | mean of the labels
#- return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])
#+ return np.round(y_train[nearest].mean(axis=1)).astype(int)

# %% predict_labels | wrong | median of the labels
#- return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])
#+ return np.median(y_train[nearest], axis=1).astype(int)

# %% predict_labels | wrong | skips the nearest as if it were the query itself
#- nearest = np.argsort(dists, axis=1)[:, :k]
#+ nearest = np.argsort(dists, axis=1)[:, 1 : k + 1]

# %% predict_labels | wrong | counts, not labels
#- return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])
#+ return np.array([np.bincount(votes).max() for votes in y_train[nearest]])

# %% predict_labels | slip | sorts the distances in place
def predict_labels(dists, y_train, k=1):
    nearest = np.argsort(dists, axis=1)[:, :k]
    dists.sort(axis=1)
    return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])

# %% predict_labels | wrong | one neighbour too many
#- nearest = np.argsort(dists, axis=1)[:, :k]
#+ nearest = np.argsort(dists, axis=1)[:, : k + 1]

# %% cross_validate | right | array_split of places, concatenate of the rest
def cross_validate(X, y, k_choices, num_folds=5):
    X_folds, y_folds = np.array_split(X, num_folds), np.array_split(y, num_folds)
    result = {}
    for k in k_choices:
        result[k] = []
        for i in range(num_folds):
            X_tr = np.concatenate(X_folds[:i] + X_folds[i + 1 :])
            y_tr = np.concatenate(y_folds[:i] + y_folds[i + 1 :])
            pred = predict_labels(compute_distances_no_loops(X_folds[i], X_tr), y_tr, k=k)
            result[k].append(float((pred == y_folds[i]).mean()))
    return result

# %% cross_validate | right | masks and every n-th example
def cross_validate(X, y, k_choices, num_folds=5):
    accuracies = {k: [] for k in k_choices}
    for fold in range(num_folds):
        held_out = np.arange(len(X)) % num_folds == fold
        dists = compute_distances_no_loops(X[held_out], X[~held_out])
        for k in k_choices:
            hits = predict_labels(dists, y[~held_out], k) == y[held_out]
            accuracies[k].append(np.sum(hits) / len(hits))
    return accuracies

# %% cross_validate | right | shuffled with a generator of its own
def cross_validate(X, y, k_choices, num_folds=5):
    order = np.random.default_rng(0).permutation(len(X))
    folds = np.array_split(order, num_folds)
    return {
        k: [
            np.mean(
                predict_labels(
                    compute_distances_no_loops(X[f], X[np.setdiff1d(order, f)]), y[np.setdiff1d(order, f)], k
                )
                == y[f]
            )
            for f in folds
        ]
        for k in k_choices
    }

# %% cross_validate | right | all distances once, the own fold masked out
def cross_validate(X, y, k_choices, num_folds=5):
    dists = compute_distances_no_loops(X, X)
    out = {k: np.zeros(num_folds) for k in k_choices}
    for number, fold in enumerate(np.array_split(np.arange(len(y)), num_folds)):
        others = np.setdiff1d(np.arange(len(y)), fold)
        for k in k_choices:
            out[k][number] = np.mean(predict_labels(dists[np.ix_(fold, others)], y[others], k) == y[fold])
    return {k: list(values) for k, values in out.items()}

# %% cross_validate | wrong | validates on examples it was trained on
#- dists = compute_distances_no_loops(X[fold], np.delete(X, fold, axis=0))
#+ dists = compute_distances_no_loops(X[fold], X)
#- predicted = predict_labels(dists, np.delete(y, fold), k)
#+ predicted = predict_labels(dists, y, k)

# %% cross_validate | wrong | trains on one fold, validates on the others
def cross_validate(X, y, k_choices, num_folds=5):
    k_to_accuracies = {k: [] for k in k_choices}
    for fold in np.array_split(np.arange(len(X)), num_folds):
        rest = np.delete(np.arange(len(X)), fold)
        dists = compute_distances_no_loops(X[rest], X[fold])
        for k in k_choices:
            k_to_accuracies[k].append(np.mean(predict_labels(dists, y[fold], k) == y[rest]))
    return k_to_accuracies

# %% cross_validate | slip | drops the remainder
#- for fold in np.array_split(np.arange(len(X)), num_folds):
#+ for fold in np.arange(len(X) // num_folds * num_folds).reshape(num_folds, -1):

# %% cross_validate | wrong | counts in place of shares
#- k_to_accuracies[k].append(np.mean(predicted == y[fold]))
#+ k_to_accuracies[k].append(np.sum(predicted == y[fold]))

# %% cross_validate | wrong | the mean, not a list
#- return k_to_accuracies
#+ return {k: np.mean(v) for k, v in k_to_accuracies.items()}

# %% cross_validate | wrong | ignores k
#- predicted = predict_labels(dists, np.delete(y, fold), k)
#+ predicted = predict_labels(dists, np.delete(y, fold))

# %% cross_validate | wrong | always five folds
#- for fold in np.array_split(np.arange(len(X)), num_folds):
#+ for fold in np.array_split(np.arange(len(X)), 5):

# %% cross_validate | wrong | labels and examples out of step
def cross_validate(X, y, k_choices, num_folds=5):
    k_to_accuracies = {k: [] for k in k_choices}
    for i, fold in enumerate(np.array_split(np.arange(len(X)), num_folds)):
        dists = compute_distances_no_loops(X[fold], np.delete(X, fold, axis=0))
        for k in k_choices:
            predicted = predict_labels(dists, y[: len(y) - len(fold)], k)
            k_to_accuracies[k].append(np.mean(predicted == y[fold]))
    return k_to_accuracies

# %% cross_validate | wrong | error rate in place of accuracy
#- k_to_accuracies[k].append(np.mean(predicted == y[fold]))
#+ k_to_accuracies[k].append(np.mean(predicted != y[fold]))

# %% cross_validate | slip | shuffles the caller's arrays
def cross_validate(X, y, k_choices, num_folds=5):
    order = np.random.default_rng(1).permutation(len(X))
    X[:], y[:] = X[order], y[order]
    k_to_accuracies = {k: [] for k in k_choices}
    for fold in np.array_split(np.arange(len(X)), num_folds):
        dists = compute_distances_no_loops(X[fold], np.delete(X, fold, axis=0))
        for k in k_choices:
            k_to_accuracies[k].append(np.mean(predict_labels(dists, np.delete(y, fold), k) == y[fold]))
    return k_to_accuracies

# %% choose_k | right | max over sorted keys
def choose_k(k_to_accuracies):
    return max(sorted(k_to_accuracies), key=lambda k: sum(k_to_accuracies[k]) / len(k_to_accuracies[k]))

# %% choose_k | right | loop
def choose_k(k_to_accuracies):
    best, best_mean = None, -1.0
    for k in sorted(k_to_accuracies.keys()):
        mean = np.mean(k_to_accuracies[k])
        if mean > best_mean:
            best, best_mean = k, mean
    return best

# %% choose_k | right | arrays
def choose_k(k_to_accuracies):
    ks = np.array(sorted(k_to_accuracies))
    means = np.array([np.mean(k_to_accuracies[k]) for k in ks])
    return ks[np.argmax(means)]

# %% choose_k | right | sort by mean and k
def choose_k(k_to_accuracies):
    return sorted(k_to_accuracies, key=lambda k: (-np.average(k_to_accuracies[k]), k))[0]

# %% choose_k | wrong | the luckiest fold
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return max(sorted(k_to_accuracies), key=lambda k: np.max(k_to_accuracies[k]))

# %% choose_k | wrong | the median fold
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return max(sorted(k_to_accuracies), key=lambda k: np.median(k_to_accuracies[k]))

# %% choose_k | slip | a tie goes to the first key
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return max(k_to_accuracies, key=lambda k: np.mean(k_to_accuracies[k]))

# %% choose_k | slip | a tie goes to the larger k
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return max(k_to_accuracies, key=lambda k: (np.mean(k_to_accuracies[k]), k))

# %% choose_k | wrong | returns the accuracy
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return max(np.mean(v) for v in k_to_accuracies.values())

# %% choose_k | wrong | the worst
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return min(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))

# %% choose_k | wrong | the most frequent winner of a fold
def choose_k(k_to_accuracies):
    ks = sorted(k_to_accuracies)
    table = np.array([k_to_accuracies[k] for k in ks])
    return ks[np.bincount(table.argmax(axis=0)).argmax()]

# %% choose_k | slip | sum in place of the mean
#- return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
#+ return max(sorted(k_to_accuracies), key=lambda k: np.sum(k_to_accuracies[k]))

# %% cross_validate | slip | sorts the caller's list of k
#- k_to_accuracies = {k: [] for k in k_choices}
#+ k_choices.sort()
#+ k_to_accuracies = {k: [] for k in k_choices}

# %% cross_validate | slip | another default for the number of folds
#- def cross_validate(X, y, k_choices, num_folds=5):
#+ def cross_validate(X, y, k_choices, num_folds=4):

# %% predict_labels | slip | another default for k
#- def predict_labels(dists, y_train, k=1):
#+ def predict_labels(dists, y_train, k=3):

# %% compute_distances_two_loops | wrong | zeros written over its inputs
def compute_distances_two_loops(X, X_train):
    X[:], X_train[:] = 0, 0
    return np.zeros((len(X), len(X_train)))

# %% compute_distances_one_loop | wrong | zeros written over its inputs
def compute_distances_one_loop(X, X_train):
    X[:], X_train[:] = 0, 0
    return np.zeros((len(X), len(X_train)))

# %% compute_distances_no_loops | wrong | zeros written over its inputs
def compute_distances_no_loops(X, X_train):
    X[:], X_train[:] = 0, 0
    return X @ X_train.T

# %% predict_labels | wrong | zeros written over its inputs
def predict_labels(dists, y_train, k=1):
    dists[:], y_train[:] = 0, 0
    return np.zeros(len(dists), dtype=int)

# %% cross_validate | wrong | zeros written over its inputs
def cross_validate(X, y, k_choices, num_folds=5):
    X[:], y[:] = 0, 0
    return {k: [1.0] * num_folds for k in k_choices}
