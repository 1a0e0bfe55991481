"""Every picture that a notebook shows; each function returns its Axes.

The set-up cell of a notebook calls ``plt.style.use("cs231n_kit.plotting.course")``.
"""

from cs231n_kit.plotting.backprop import (
    show_decision_regions,
    show_first_layer,
    show_gates,
    show_matrices,
    show_training_curves,
    show_two_two_two,
    show_value_graph,
)
from cs231n_kit.plotting.cnn import (
    show_company,
    show_feature_maps,
    show_gradient_depth,
    show_network_weights,
    show_receptive_fields,
    show_stacks,
)
from cs231n_kit.plotting.dynamics import (
    show_activations,
    show_descent,
    show_layers,
    show_preprocessing,
    show_tanh_histograms,
)
from cs231n_kit.plotting.knn import (
    show_accuracy_over_k,
    show_confusion,
    show_distances,
    show_neighbours,
    show_timings,
)
from cs231n_kit.plotting.linear import (
    show_difference_errors,
    show_hyperparameters,
    show_loss_curves,
    show_losses_over_score,
    show_penalties,
    show_softmax,
    show_svm_slack,
    show_templates,
)
from cs231n_kit.plotting.optimizers import (
    animate_landscapes,
    show_broken,
    show_curves,
    show_grid_and_random,
    show_landscapes,
    show_optimizers,
    show_schedules,
    show_search,
    show_snapshots,
    show_trajectories,
)
from cs231n_kit.plotting.pictures import show_grid, show_picture, show_samples
from cs231n_kit.plotting.training import (
    show_curve_gallery,
    show_gradient_walks,
    show_runs,
    show_update_ratios,
    show_weight_scales,
)

__all__ = [
    "animate_landscapes",
    "show_accuracy_over_k",
    "show_activations",
    "show_broken",
    "show_company",
    "show_confusion",
    "show_curve_gallery",
    "show_curves",
    "show_decision_regions",
    "show_descent",
    "show_difference_errors",
    "show_distances",
    "show_feature_maps",
    "show_first_layer",
    "show_gates",
    "show_gradient_depth",
    "show_gradient_walks",
    "show_grid",
    "show_grid_and_random",
    "show_hyperparameters",
    "show_landscapes",
    "show_layers",
    "show_loss_curves",
    "show_losses_over_score",
    "show_matrices",
    "show_neighbours",
    "show_network_weights",
    "show_optimizers",
    "show_penalties",
    "show_picture",
    "show_preprocessing",
    "show_receptive_fields",
    "show_runs",
    "show_samples",
    "show_schedules",
    "show_search",
    "show_snapshots",
    "show_softmax",
    "show_stacks",
    "show_svm_slack",
    "show_tanh_histograms",
    "show_templates",
    "show_timings",
    "show_training_curves",
    "show_trajectories",
    "show_two_two_two",
    "show_update_ratios",
    "show_value_graph",
    "show_weight_scales",
]
