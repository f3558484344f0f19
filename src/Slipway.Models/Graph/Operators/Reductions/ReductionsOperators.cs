namespace Slipway.Models.Graph;

internal static class ReductionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        Reduce<Reductions.Sum>(catalog, "ReduceSum", 13);
        Reduce<Reductions.Mean>(catalog, "ReduceMean", 18);
        Reduce<Reductions.Maximum>(catalog, "ReduceMax", 18);
        Reduce<Reductions.Minimum>(catalog, "ReduceMin", 18);
        Reduce<Reductions.Product>(catalog, "ReduceProd", 18);
        Reduce<Reductions.L1>(catalog, "ReduceL1", 18);
        Reduce<Reductions.L2>(catalog, "ReduceL2", 18);
        Reduce<Reductions.SumOfSquares>(catalog, "ReduceSumSquare", 18);
        Reduce<Reductions.LogSum>(catalog, "ReduceLogSum", 18);
        Reduce<Reductions.LogSumExp>(catalog, "ReduceLogSumExp", 18);
        catalog.Add("ArgMax", 1, 1, 1, 1, static n => new ArgReduction(n));
        catalog.Add("ArgMin", 1, 1, 1, 1, static n => new ArgReduction(n));
        catalog.Add("CumSum", 11, 2, 2, 1, static n => new Cumulation(n));
        catalog.Add("CumProd", 26, 2, 2, 1, static n => new Cumulation(n));
        catalog.Add("Softmax", 1, 1, 1, 1, static n => new SoftmaxOperator(n, SoftmaxKind.Softmax));
        catalog.Add("LogSoftmax", 1, 1, 1, 1, static n => new SoftmaxOperator(n, SoftmaxKind.LogSoftmax));
        catalog.Add("Hardmax", 1, 1, 1, 1, static n => new SoftmaxOperator(n, SoftmaxKind.Hardmax));
    }

    /// <param name="axesAsInput">The operator set from which on the axes are an input.</param>
    private static void Reduce<TReduction>(OperatorCatalog catalog, string name, int axesAsInput) where TReduction : IReduction
    {
        catalog.Add(name, 1, 1, 1, 1, static n => new ReduceOperator<TReduction>(n, false));
        catalog.Add(name, axesAsInput, 1, 2, 1, static n => new ReduceOperator<TReduction>(n, true));
    }
}
