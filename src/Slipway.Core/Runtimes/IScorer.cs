namespace Slipway.Core;

/// <summary>Names a model version the way people write it: <c>NAME</c>, <c>NAME@alias</c>, <c>NAME/3</c>.</summary>
/// <param name="Alias">Movable pointer; null when a version is given or neither is.</param>
/// <param name="Version">Fixed version; null when an alias is given or neither is.</param>
public sealed record ModelReference(string Name, string? Alias = null, int? Version = null) : IParsable<ModelReference>
{
    public static ModelReference Parse(string text, IFormatProvider? provider = null) =>
        TryParse(text, provider, out var reference)
            ? reference
            : throw new FormatException($"'{text}' is not a model reference; write NAME, NAME@alias or NAME/version");

    public static bool TryParse(string? text, IFormatProvider? provider, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out ModelReference reference)
    {
        reference = null;
        if (text is null) return false;
        var mark = text.AsSpan().IndexOfAny('@', '/');
        var name = mark < 0 ? text : text[..mark];
        if (!Names.IsValid(name)) return false;
        if (mark < 0) reference = new ModelReference(name);
        else if (text[mark] == '@' && Names.IsValid(text[(mark + 1)..])) reference = new ModelReference(name, Alias: text[(mark + 1)..]);
        else if (text[mark] == '/' && int.TryParse(text.AsSpan(mark + 1), System.Globalization.NumberStyles.None, provider, out var version)) reference = new ModelReference(name, Version: version);
        return reference is not null;
    }

    public override string ToString() => Alias is not null ? $"{Name}@{Alias}" : Version is not null ? $"{Name}/{Version}" : Name;
}

/// <summary>What names of models, aliases and use cases may look like.</summary>
public static class Names
{
    public const string Rule = "letters, digits, '.', '_' and '-', at most 100, beginning with a letter or digit";

    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > 100 || !char.IsAsciiLetterOrDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        }
        return true;
    }

    /// <exception cref="SlipwayException">The name breaks the rule.</exception>
    public static string Require(string name, string what) =>
        IsValid(name) ? name : throw new SlipwayException($"'{name}' is not a {what} name: {Rule}");
}

/// <summary>The outputs of one scoring call, and which version answered. Dispose the outputs.</summary>
public readonly record struct Scored(Batch Outputs, string Model, int Version);

/// <summary>The one way to score: implemented by the data plane, called by everything that has rows.</summary>
public interface IScorer
{
    /// <summary>The signature of the version the reference points to now.</summary>
    /// <exception cref="NotFoundException">No such model, alias or version, or none that passed verification.</exception>
    Signature SignatureOf(ModelReference model);

    /// <summary>Scores a batch; columns are bound to the signature by name, other columns are ignored when <paramref name="allowExtra"/>.</summary>
    /// <exception cref="RecordException">The inputs do not fit the signature.</exception>
    /// <exception cref="NotFoundException">No such model, alias or version is being served.</exception>
    ValueTask<Scored> InferAsync(ModelReference model, Batch inputs, bool allowExtra, CancellationToken cancellation);
}
