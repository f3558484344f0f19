using System.Collections.Immutable;

namespace Slipway.Models.Rows.Scorecards;

/// <summary>
/// Why a score is what it is: the reason codes by how far the points of their characteristics are from the baseline, the farthest first,
/// the first in the file of equals. Codes whose points are on the right side of the baseline explain nothing and are left out; ranks beyond are missing.
/// </summary>
/// <param name="codes">As symbols, in the order in which the file names them.</param>
/// <param name="points">The slot of the first code's points; the others follow.</param>
/// <param name="sign">1 when points above the baseline are bad, -1 when points below are.</param>
internal sealed class ReasonCodeRanking(ImmutableArray<double> codes, int points, int sign)
{
    public int Count => codes.Length;

    /// <summary>A code that has no points is missing, not 0: none of its attributes was met.</summary>
    public void Begin(in Row row) => row.Cells.Slice(points, codes.Length).Fill(Cell.Missing);

    /// <param name="difference">The points less the baseline.</param>
    public void Add(in Row row, int code, double difference)
    {
        if (code < 0) return;
        ref var sum = ref row[points + code];
        sum = (Cell.IsMissing(sum) ? 0 : sum) + (difference * sign);
    }

    /// <summary>Ranks what was added; the points are used up.</summary>
    public void End(in Row row, ModelResult result)
    {
        var left = row.Cells.Slice(points, codes.Length);
        var ranked = row.Cells.Slice(result.ReasonCodes, result.ReasonCodeCount);
        for (var rank = 0; rank < ranked.Length; rank++)
        {
            var best = -1;
            for (var i = 0; i < left.Length; i++)
            {
                if (left[i] >= 0 && (best < 0 || left[i] > left[best])) best = i;
            }
            if (best < 0)
            {
                ranked[rank..].Fill(Cell.Missing);
                return;
            }
            ranked[rank] = codes[best];
            left[best] = Cell.Missing;
        }
    }
}
