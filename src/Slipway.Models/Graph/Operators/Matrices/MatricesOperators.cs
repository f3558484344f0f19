namespace Slipway.Models.Graph;

internal static class MatricesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("MatMul", 1, 2, 2, 1, static n => new MatMul());
        catalog.Add("Gemm", 1, 3, 3, 1, static n => new GemmOperator(n));
        catalog.Add("Gemm", 11, 2, 3, 1, static n => new GemmOperator(n));
        catalog.Add("Einsum", 12, 1, int.MaxValue, 1, static n => new Einsum(n));
        catalog.Add("Det", 11, 1, 1, 1, static n => new Determinant());
    }
}
