using System.Buffers.Text;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>Categories as CatBoost hashes them: text as it is, numbers printed.</summary>
internal static class CategoryHashes
{
    private const int MaxNumberLength = 40;

    /// <param name="column">Of any type.</param>
    /// <param name="first">The first row to hash.</param>
    /// <param name="missing">The hash of what is missing.</param>
    /// <param name="hashes">One for each row.</param>
    public static void Of(Tensor column, int first, int missing, Span<int> hashes)
    {
        var hasMissing = column.HasMissing;
        for (var i = 0; i < hashes.Length; i++)
        {
            var row = first + i;
            hashes[i] = hasMissing && column.IsMissing(row) ? missing : column.Type == ElementType.Bytes ? CtrHash.OfCategory(column.GetBytes(row)) : OfNumber(column, row, missing);
        }
    }

    private static int OfNumber(Tensor column, int row, int missing)
    {
        Span<byte> text = stackalloc byte[MaxNumberLength];
        int length;
        switch (column.Type)
        {
            case ElementType.Int64:
                Utf8Formatter.TryFormat(column.Values<long>()[row], text, out length);
                break;
            case ElementType.UInt64:
                Utf8Formatter.TryFormat(column.Values<ulong>()[row], text, out length);
                break;
            case ElementType.Float32 when column.Values<float>()[row] is var single && float.Truncate(single) != single && !float.IsNaN(single):
                single.TryFormat(text, out length, provider: CultureInfo.InvariantCulture);
                break;
            default:
                var number = column.NumberAt(row);
                if (double.IsNaN(number)) return missing;
                // CatBoost takes whole numbers only; 3.0 is the 3 of a column that was read as floating-point for its gaps.
                if (double.Truncate(number) == number && double.Abs(number) < long.MaxValue) Utf8Formatter.TryFormat((long)number, text, out length);
                else number.TryFormat(text, out length, provider: CultureInfo.InvariantCulture);
                break;
        }
        return CtrHash.OfCategory(text[..length]);
    }
}
