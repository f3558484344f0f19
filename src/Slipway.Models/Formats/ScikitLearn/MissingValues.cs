namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>
/// Which estimators predict rows with missing values: trees that try every threshold since 1.3 (for some criteria), forests of them since 1.4, those with random
/// thresholds since 1.6; histogram boosting always, gradient boosting and AdaBoost never.
/// </summary>
internal static class MissingValues
{
    public static bool AreTakenByTree(Estimator tree)
    {
        if (!tree.Version.IsSince(1, 3) || tree.Has("monotonic_cst")) return false;
        if (tree.Text("criterion") is not ("gini" or "log_loss" or "entropy" or "squared_error" or "friedman_mse" or "poisson")) return false;
        return tree.Text("splitter") == "best" || tree.Version.IsSince(1, 6);
    }

    public static bool AreTakenByForest(Estimator forest, Estimator firstTree) => forest.Version.IsSince(1, 4) && AreTakenByTree(firstTree);

    public static bool AreTakenByIsolationForest(Estimator forest) => forest.Version.IsSince(1, 6);
}
