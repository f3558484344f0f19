using System.Globalization;
using Slipway.Core;

namespace Slipway.Conformance.Connectors;

/// <summary>Rows as text, so that they can be compared and shown, whatever the types they passed through on the way.</summary>
internal static class RowText
{
    /// <summary><c>id=1 name=Bern</c> for each row; a missing value is not listed, a matrix column is <c>name_0</c>, <c>name_1</c>, ….</summary>
    public static IReadOnlyList<string> Of(Batch batch)
    {
        var rows = new List<string>();
        for (var row = 0; row < batch.Rows; row++)
        {
            var values = new List<string>();
            foreach (var tensor in batch)
            {
                for (var element = 0; element < tensor.Stride; element++)
                {
                    var at = (row * tensor.Stride) + element;
                    var name = tensor.Stride == 1 ? tensor.Name : $"{tensor.Name}_{element}";
                    if (!tensor.IsMissing(at)) values.Add($"{name}={Value(tensor, at)}");
                }
            }
            rows.Add(string.Join(' ', values));
        }
        return rows;
    }

    private static string Value(Tensor tensor, int at) => tensor.Type switch
    {
        ElementType.Bytes => tensor.GetText(at)!,
        ElementType.Bool => tensor.RawData[at] != 0 ? "true" : "false",
        ElementType.Int64 => tensor.Values<long>()[at].ToString(CultureInfo.InvariantCulture),
        _ => tensor.NumberAt(at).ToString("R", CultureInfo.InvariantCulture),
    };

    public static void Same(string what, IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        for (var i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            var (e, f) = (i < expected.Count ? expected[i] : "(nothing)", i < found.Count ? found[i] : "(nothing)");
            if (e != f) throw new ConformanceException($"{what}: of {expected.Count} expected and {found.Count} found, number {i} should be {e} and is {f}");
        }
    }
}
