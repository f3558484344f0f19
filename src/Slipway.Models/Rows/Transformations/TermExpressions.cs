namespace Slipway.Models.Rows.Transformations;

/// <summary>What is made of how often a term occurs in a text (PMML 4.4.1, Text Indexing).</summary>
internal enum TermWeight : byte
{
    /// <summary>How often it occurs.</summary>
    Frequency,

    /// <summary>1 when it occurs, else 0.</summary>
    Binary,

    /// <summary>log₁₀(1 + frequency).</summary>
    Logarithmic,

    /// <summary>½ (binary + frequency / frequency of the most frequent word).</summary>
    AugmentedNormalized,
}

internal static class TermWeights
{
    extension(TermWeight weight)
    {
        public CellType Type => weight is TermWeight.Frequency or TermWeight.Binary ? CellType.Integer : CellType.Float64;

        /// <param name="most">Occurrences of the most frequent word; for <see cref="TermWeight.AugmentedNormalized"/> only.</param>
        public double Of(double count, double most) => weight switch
        {
            TermWeight.Binary => Math.Min(count, 1),
            TermWeight.Logarithmic => Math.Log10(1 + count),
            TermWeight.AugmentedNormalized => count == 0 ? 0 : 0.5 * (1 + (count / Math.Max(most, 1))),
            _ => count,
        };
    }
}

/// <summary>How often a term, the same for every row, occurs in a text.</summary>
/// <param name="slot">From <see cref="TermIndex.Add"/>.</param>
internal sealed class TermExpression(TermIndex index, int slot, TermWeight weight) : RowExpression(weight.Type)
{
    public override double Evaluate(in Row row)
    {
        if (Cell.IsPending(row[index.State])) index.Read(row);
        var state = row[index.State];
        return Cell.IsMissing(state) ? state : weight.Of(row[slot], state);
    }
}

/// <summary>How often a term that each row brings occurs in a text.</summary>
internal sealed class VariableTermExpression(RowExpression text, RowExpression term, TextReading reading, TermWeight weight) : RowExpression(weight.Type)
{
    public override double Evaluate(in Row row)
    {
        var cell = text.Evaluate(row);
        if (Cell.IsMissing(cell)) return cell;
        var wanted = term.Evaluate(row);
        if (Cell.IsMissing(wanted)) return wanted;
        var content = reading.Normalize(row.Texts[cell]);
        if (reading.Tokenizer is not { } tokenizer) return weight.Of(reading.CountAnywhere(content, row.Texts[wanted]), 0);
        var words = new TokenList();
        try
        {
            tokenizer.Tokenize(content, ref words);
            var count = Term.Of(row.Texts[wanted], tokenizer).Count(content, words, reading.MaxDistance, reading.IgnoreCase, reading.BestOnly);
            return weight.Of(count, weight == TermWeight.AugmentedNormalized ? WordFrequency.Highest(content, words, reading.IgnoreCase) : 0);
        }
        finally
        {
            words.Dispose();
        }
    }
}
