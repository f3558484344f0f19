namespace Slipway.Models.Graph;

/// <summary>What float32 nodes make of one value by sums and products with constants: the coefficients of its powers, up to the third.</summary>
internal static class Polynomial
{
    private const int Degree = 3, MaxDepth = 8;

    /// <returns>The coefficients from that of power 0 on; null when the value is something else.</returns>
    public static double[]? Of(GraphEditor editor, int value, int x, int depth = 0)
    {
        if (value == x) return [0, 1, 0, 0];
        if (editor.Number(value) is { } number) return [number, 0, 0, 0];
        if (depth == MaxDepth || editor.Producer(value) is not { Inputs.Length: 2 } node || !editor.IsFloat32(value)) return null;
        if (node.Is("Pow")) return editor.Number(node.Inputs[1]) is 2.0 or 3.0 && Of(editor, node.Inputs[0], x, depth + 1) is { } power ? Power(power, (int)editor.Number(node.Inputs[1])!) : null;
        if (!(node.Is("Add") || node.Is("Sub") || node.Is("Mul") || node.Is("Div"))) return null;
        if (Of(editor, node.Inputs[0], x, depth + 1) is not { } a || Of(editor, node.Inputs[1], x, depth + 1) is not { } b) return null;
        return node.Info.Operator switch
        {
            "Add" => [.. a.Zip(b, (p, q) => p + q)],
            "Sub" => [.. a.Zip(b, (p, q) => p - q)],
            "Mul" => Product(a, b),
            _ => b[0] != 0 && b.Skip(1).All(c => c == 0) ? Array.ConvertAll(a, c => c / b[0]) : null,
        };
    }

    private static double[]? Power(double[] a, int exponent) => exponent == 2 ? Product(a, a) : Product(a, a) is { } square ? Product(square, a) : null;

    private static double[]? Product(double[] a, double[] b)
    {
        var product = new double[Degree + 1];
        for (var i = 0; i <= Degree; i++)
        {
            for (var j = 0; j <= Degree; j++)
            {
                if (a[i] == 0 || b[j] == 0) continue;
                if (i + j > Degree) return null;
                product[i + j] += a[i] * b[j];
            }
        }
        return product;
    }
}
