using Slipway.Core;

namespace Slipway.Pipelines.Connectors;

/// <summary>
/// Resolves <c>${env:NAME}</c> and <c>${file:PATH}</c> in a spec's text at the moment of use, so that stored specs and logs never hold the value.
/// </summary>
public sealed class Secrets(Func<string, string?> environment, Func<string, string?> file)
{
    public static Secrets FromMachine { get; } = new(
        Environment.GetEnvironmentVariable,
        path => File.Exists(path) ? File.ReadAllText(path).TrimEnd('\r', '\n') : null);

    /// <exception cref="SlipwayException">A placeholder names a variable or file that is not there.</exception>
    public string Resolve(string text)
    {
        var start = text.IndexOf("${", StringComparison.Ordinal);
        if (start < 0) return text;
        var end = text.IndexOf('}', start);
        if (end < 0) throw new SlipwayException("a '${' without its '}'");
        var placeholder = text[(start + 2)..end];
        var colon = placeholder.IndexOf(':', StringComparison.Ordinal);
        var (kind, name) = colon < 0 ? ("", placeholder) : (placeholder[..colon], placeholder[(colon + 1)..]);
        var value = kind switch
        {
            "env" => environment(name) ?? throw new SlipwayException($"environment variable {name} is not set"),
            "file" => file(name) ?? throw new SlipwayException($"secret file {name} does not exist"),
            _ => throw new SlipwayException($"'${{{placeholder}}}' is not a secret: write ${{env:NAME}} or ${{file:PATH}}"),
        };
        return string.Concat(text.AsSpan(0, start), value, Resolve(text[(end + 1)..]));
    }
}
