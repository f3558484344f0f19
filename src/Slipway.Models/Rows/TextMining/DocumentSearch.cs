using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Slipway.Models.Rows.TextMining;

/// <summary>Finds the documents of a corpus that are most like a row's (PMML 4.4.1, Text Models), by the distance or the angle between their weighted terms.</summary>
/// <param name="counts">The row's fields with the counts of the terms; empty when there is a <paramref name="text"/>.</param>
/// <param name="text">The row's document itself, whose terms <paramref name="counter"/> counts.</param>
/// <param name="terms">The slot of the first term's coordinate; the others follow.</param>
/// <param name="documents">The weighted coordinates, document by document.</param>
/// <param name="byDistance">The affinity is a distance, and the smallest is best; else it is a cosine, and the greatest is.</param>
internal sealed class DocumentSearch(
    ModelResult result, ImmutableArray<RowExpression> counts, RowExpression? text, TermCounter counter, TermWeights weights, int terms, int termCount, double[] documents, bool byDistance)
    : RowModel(result)
{
    public override void Score(in Row row)
    {
        var query = row.Cells.Slice(terms, termCount);
        if (!Count(row, query))
        {
            Result.Clear(row);
            return;
        }
        weights.Weigh(query);
        var length = TensorPrimitives.Norm<double>(query);
        var affinities = row.Cells.Slice(Result.Affinities, Result.Categories.Length);
        for (var document = 0; document < affinities.Length; document++)
        {
            var coordinates = documents.AsSpan(document * termCount, termCount);
            affinities[document] = byDistance ? TensorPrimitives.Distance<double>(coordinates, query) : Cosine(coordinates, query, length);
        }
        Rank(row, affinities);
    }

    /// <returns>False when there is nothing to search for.</returns>
    private bool Count(in Row row, Span<double> query)
    {
        if (text is not null)
        {
            var cell = text.Evaluate(row);
            if (Cell.IsMissing(cell)) return false;
            counter.Count(row.Texts[cell], query);
            return true;
        }
        var given = false;
        for (var term = 0; term < query.Length; term++)
        {
            var count = counts[term].Evaluate(row);
            given |= !Cell.IsMissing(count);
            query[term] = Cell.IsMissing(count) ? 0 : count;
        }
        return given;
    }

    /// <summary>A document without any term is like no other.</summary>
    private static double Cosine(ReadOnlySpan<double> left, ReadOnlySpan<double> right, double length)
    {
        var product = length * TensorPrimitives.Norm(left);
        return product > 0 ? TensorPrimitives.Dot(left, right) / product : Cell.Missing;
    }

    /// <summary>The best first, the first in the file of equals; documents without an affinity have no rank.</summary>
    private void Rank(in Row row, ReadOnlySpan<double> affinities)
    {
        var ids = row.Cells.Slice(Result.RankedEntityIds, Result.RankCount);
        var best = row.Cells.Slice(Result.RankedAffinities, Result.RankCount);
        ids.Fill(Cell.Missing);
        best.Fill(Cell.Missing);
        for (var document = 0; document < affinities.Length; document++)
        {
            var affinity = affinities[document];
            if (double.IsNaN(affinity)) continue;
            var rank = best.Length;
            while (rank > 0 && (double.IsNaN(best[rank - 1]) || (byDistance ? affinity < best[rank - 1] : affinity > best[rank - 1]))) rank--;
            if (rank == best.Length) continue;
            best[rank..^1].CopyTo(best[(rank + 1)..]);
            ids[rank..^1].CopyTo(ids[(rank + 1)..]);
            (best[rank], ids[rank]) = (affinity, Result.Categories[document]);
        }
        row[Result.Predicted] = ids[0];
    }
}
