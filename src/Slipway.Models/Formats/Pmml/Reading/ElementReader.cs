using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>
/// Walks the elements of a PMML document, forwards only. The pattern is: read the attributes of the current element, then
/// <c>var depth = e.Depth; while (e.ReadChild(depth)) switch (e.Name) { … }</c>; children that nobody reads are skipped whole.
/// </summary>
internal abstract class ElementReader : IDisposable
{
    /// <summary>Deeper documents are refused, so that reading and binding may recurse.</summary>
    public const int MaxDepth = 1000;
    private const long MaxImplied = 1 << 26;

    private long _implied;

    /// <summary>The models that were read, by the names of their elements.</summary>
    public SortedDictionary<string, int> Models { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts values that the document implies without writing them (the zeros of sparse arrays), so that a small file cannot ask for much memory.</summary>
    /// <exception cref="ModelException">They are more than any real model has.</exception>
    public void CountImplied(int values)
    {
        _implied += values;
        if (_implied > MaxImplied) throw Fault($"the sparse arrays up to here have more than {MaxImplied} elements");
    }

    /// <summary>The local name of the current element.</summary>
    public abstract string Name { get; }

    /// <summary>The depth of the current element; the root has 0.</summary>
    public abstract int Depth { get; }

    public abstract Place Place { get; }

    /// <summary>Moves to the next child of the element at <paramref name="depth"/>, over whatever is left of the last one.</summary>
    /// <param name="anyNamespace">Also elements that are not PMML's own: the cells of an inline table.</param>
    /// <returns>False when there is none: the element is read.</returns>
    /// <exception cref="ModelException">The document is damaged, or ends too early.</exception>
    public abstract bool ReadChild(int depth, bool anyNamespace = false);

    /// <summary>An attribute of the current element, before its children are read.</summary>
    /// <returns>Null when it is absent.</returns>
    public abstract string? Attribute(string name);

    /// <summary>An attribute of the current element, before its children are read, without an object for it.</summary>
    /// <param name="text">Until the next call.</param>
    public virtual bool TryAttribute(string name, out ReadOnlySpan<char> text)
    {
        var attribute = Attribute(name);
        text = attribute;
        return attribute is not null;
    }

    /// <summary>The text in the current element, which is read by this; its children's text is not part of it.</summary>
    public abstract string ReadText();

    /// <exception cref="ModelException">It is absent.</exception>
    public string Require(string name) => Attribute(name) ?? throw Absent(name);

    public ModelException Fault(string problem) => Place.Fault(problem);

    /// <exception cref="ModelException">It is not a number.</exception>
    public double? Number(string name) => TryAttribute(name, out var text) ? ParseNumber(text, name) : null;

    public double Number(string name, double otherwise) => TryAttribute(name, out var text) ? ParseNumber(text, name) : otherwise;

    public double RequireNumber(string name) => ParseNumber(Require(name), name);

    /// <exception cref="ModelException">It is not a whole number.</exception>
    public int? Integer(string name) => Attribute(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value
        : throw Fault($"{name}=\"{text}\" is not a whole number");

    /// <exception cref="ModelException">It is neither true nor false.</exception>
    public bool Boolean(string name, bool otherwise) => Attribute(name) switch
    {
        null => otherwise,
        "true" or "1" or "TRUE" or "True" => true,
        "false" or "0" or "FALSE" or "False" => false,
        var text => throw Fault($"{name}=\"{text}\" is neither true nor false"),
    };

    /// <summary>One of the values that the standard lists for the attribute.</summary>
    /// <exception cref="ModelException">It is none of them.</exception>
    public T Choice<T>(string name, Choices<T> choices, T otherwise) where T : struct =>
        TryAttribute(name, out var text) ? choices.Find(text) ?? throw Fault($"{name}=\"{text}\" is unknown; it may be {choices}") : otherwise;

    /// <inheritdoc cref="Choice{T}"/>
    public T RequireChoice<T>(string name, Choices<T> choices) where T : struct
    {
        if (!TryAttribute(name, out var text)) throw Absent(name);
        return choices.Find(text) ?? throw Fault($"{name}=\"{text}\" is unknown; it may be {choices}");
    }

    public double ParseNumber(ReadOnlySpan<char> text, string what)
    {
        if (NumberText.TryParse(text, out double value)) return value;
        throw Fault($"{what}=\"{text}\" is not a number");
    }

    public abstract void Dispose();

    private ModelException Absent(string name) => Fault($"the attribute '{name}' is absent");
}

/// <summary>The values that the standard lists for an attribute.</summary>
internal sealed class Choices<T>(params (string Text, T Value)[] choices) where T : struct
{
    public T? Find(ReadOnlySpan<char> text)
    {
        foreach (var choice in choices)
        {
            if (text.SequenceEqual(choice.Text)) return choice.Value;
        }
        return null;
    }

    public override string ToString() => string.Join(", ", choices.Select(c => c.Text));
}
