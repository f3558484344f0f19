namespace Slipway.Core.Specs.Yaml;

/// <summary>1-based line and column in the file.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>What the file says at one place, before anything is known of what it should say.</summary>
/// <param name="place">Where the value starts; for a collection or an empty value under a key, where its key starts.</param>
internal abstract class SpecNode(Place place)
{
    public Place Place { get; } = place;

    public virtual bool IsNull => false;

    /// <summary>How an error message names what was found.</summary>
    public abstract string Found { get; }
}

/// <summary>A value that was already refused (an alias, a nested key): readers pass over it in silence.</summary>
internal sealed class RefusedNode(Place place) : SpecNode(place)
{
    public override string Found => "something refused";
}

/// <param name="isPlain">Written without quotes, so that the core schema decides what it is; quoted and block text is always text.</param>
/// <param name="start">Where the text itself starts, behind an opening quote.</param>
/// <param name="isVerbatim">The text stands in the file as it is, on one line: no escapes, no folding.</param>
internal sealed class ScalarNode(string text, bool isPlain, bool isVerbatim, Place place, Place start) : SpecNode(place)
{
    public static ScalarNode Empty(Place place) => new("", true, false, place, place);

    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    /// <summary>The place in the file of a place in the text (1-based; one beyond its end for what is missing there); null where the two do not match.</summary>
    public Place? Inside(int line, int column) =>
        isVerbatim && line == 1 && column > 0 && column <= Text.Length + 1 ? start with { Column = start.Column + column - 1 } : null;

    /// <summary>A number written out that no <see cref="double"/> can hold.</summary>
    public bool IsTooLarge => Value is double.PositiveInfinity or double.NegativeInfinity && !Text.EndsWith("inf", StringComparison.OrdinalIgnoreCase);

    public override bool IsNull => IsPlain && CoreSchema.IsNull(Text);

    /// <summary>null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.</summary>
    public object? Value => IsPlain ? CoreSchema.Resolve(Text) : Text;

    public override string Found => IsNull ? "null" : Value is string ? $"text {Wording.Quote(Text)}" : Wording.Shorten(Text);
}

internal sealed class SequenceNode(IReadOnlyList<SpecNode> items, Place place) : SpecNode(place)
{
    public IReadOnlyList<SpecNode> Items { get; } = items;

    public override string Found => "a list";
}

internal sealed class MappingNode(IReadOnlyList<MappingEntry> entries, Place place) : SpecNode(place)
{
    public IReadOnlyList<MappingEntry> Entries { get; } = entries;

    public override string Found => "a mapping";
}

internal readonly record struct MappingEntry(string Key, Place Place, SpecNode Value);
