namespace Slipway.Models.Graph;

internal static class ReductionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        Reduce(catalog, "ReduceSum", ReductionKind.Sum, 13);
        Reduce(catalog, "ReduceMean", ReductionKind.Mean, 18);
        Reduce(catalog, "ReduceMax", ReductionKind.Max, 18);
        Reduce(catalog, "ReduceMin", ReductionKind.Min, 18);
        Reduce(catalog, "ReduceProd", ReductionKind.Prod, 18);
        Reduce(catalog, "ReduceL1", ReductionKind.L1, 18);
        Reduce(catalog, "ReduceL2", ReductionKind.L2, 18);
        Reduce(catalog, "ReduceSumSquare", ReductionKind.SumSquare, 18);
        Reduce(catalog, "ReduceLogSum", ReductionKind.LogSum, 18);
        Reduce(catalog, "ReduceLogSumExp", ReductionKind.LogSumExp, 18);
        catalog.Add("ArgMax", 1, 1, 1, 1, static n => new ArgReduction(n));
        catalog.Add("ArgMin", 1, 1, 1, 1, static n => new ArgReduction(n));
        catalog.Add("CumSum", 11, 2, 2, 1, static n => new Cumulation(n));
        catalog.Add("CumProd", 26, 2, 2, 1, static n => new Cumulation(n));
        catalog.Add("Softmax", 1, 1, 1, 1, static n => new SoftmaxOperator(n, SoftmaxKind.Softmax));
        catalog.Add("LogSoftmax", 1, 1, 1, 1, static n => new SoftmaxOperator(n, SoftmaxKind.LogSoftmax));
        catalog.Add("Hardmax", 1, 1, 1, 1, static n => new SoftmaxOperator(n, SoftmaxKind.Hardmax));
    }

    /// <param name="axesAsInput">The operator set from which on the axes are an input.</param>
    private static void Reduce(OperatorCatalog catalog, string name, ReductionKind kind, int axesAsInput)
    {
        catalog.Add(name, 1, 1, 1, 1, n => new ReduceOperator(n, kind, false));
        catalog.Add(name, axesAsInput, 1, 2, 1, n => new ReduceOperator(n, kind, true));
    }
}
