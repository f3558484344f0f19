using System.Globalization;
using System.Text;

namespace Slipway.Core.Specs.Yaml;

/// <summary>A place in the structure, written out only when a problem needs it: <c>prepare[0].one-hot.column</c>.</summary>
internal sealed class SpecPath
{
    private readonly SpecPath? _parent;
    private readonly string? _key;
    private readonly int _index;

    private SpecPath(SpecPath? parent, string? key, int index)
    {
        _parent = parent;
        _key = key;
        _index = index;
    }

    public static SpecPath Root { get; } = new(null, null, 0);

    public SpecPath Key(string key) => new(this, key, 0);

    public SpecPath Item(int index) => new(this, null, index);

    /// <summary>Two written paths as one: <c>act[0]</c> and <c>http.url</c> give <c>act[0].http.url</c>.</summary>
    public static string Join(string path, string rest) =>
        path.Length == 0 ? rest : rest.Length == 0 || rest[0] == '[' ? path + rest : $"{path}.{rest}";

    public override string ToString()
    {
        var segments = new Stack<SpecPath>();
        for (var path = this; path._parent is not null; path = path._parent) segments.Push(path);
        var text = new StringBuilder();
        foreach (var segment in segments)
        {
            if (segment._key is null) text.Append('[').Append(segment._index.ToString(CultureInfo.InvariantCulture)).Append(']');
            else text.Append(text.Length == 0 ? "" : ".").Append(Wording.Shorten(segment._key, 200));
        }
        return text.ToString();
    }
}
