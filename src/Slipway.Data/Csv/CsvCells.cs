using System.Collections.Immutable;
using System.Text;

namespace Slipway.Data.Csv;

/// <summary>
/// What a CSV cell means. An empty cell, or one that is a missing token, has no value; blanks around it do not count.
/// In quotes, an empty cell is a text of length 0 (and still no number), and blanks do count.
/// </summary>
public sealed class CsvCells(ImmutableArray<string> missing)
{
    private readonly byte[][] _missing = [.. missing.Select(Encoding.UTF8.GetBytes)];

    public bool IsMissingText(ReadOnlySpan<byte> cell, bool quoted)
    {
        if (quoted) return IsToken(cell);
        cell = NumberText.Trim(cell);
        return cell.IsEmpty || IsToken(cell);
    }

    public bool IsMissingNumber(ReadOnlySpan<byte> trimmed) => trimmed.IsEmpty || IsToken(trimmed);

    private bool IsToken(ReadOnlySpan<byte> cell)
    {
        foreach (var token in _missing)
        {
            if (cell.SequenceEqual(token)) return true;
        }
        return false;
    }
}
