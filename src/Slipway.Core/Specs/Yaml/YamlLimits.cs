namespace Slipway.Core.Specs.Yaml;

/// <summary>How much of a file is read before it is refused; far above what a person writes.</summary>
internal static class YamlLimits
{
    public const int Bytes = 1 << 20;

    public const int Depth = 64;

    public const int Problems = 100;
}
