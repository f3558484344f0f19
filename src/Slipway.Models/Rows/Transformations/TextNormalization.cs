using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Rows.Transformations;

/// <summary>A table of replacements, applied to a text from the first to the last.</summary>
/// <param name="recursive">Again and again until nothing changes.</param>
internal sealed class TextNormalization(ImmutableArray<TextReplacement> replacements, bool recursive)
{
    private const int MaxRounds = 1000;

    /// <returns>The text itself when nothing matches.</returns>
    /// <exception cref="RecordException">It does not end, or takes too long.</exception>
    public string Apply(string text)
    {
        for (var round = 0; ; round++)
        {
            var before = text;
            foreach (var replacement in replacements) text = replacement.Apply(text);
            if (!recursive || text == before) return text;
            if (round == MaxRounds) throw new RecordException($"the text still changes after it was normalised {MaxRounds} times");
        }
    }
}
