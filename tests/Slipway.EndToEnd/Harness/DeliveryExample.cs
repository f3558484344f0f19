using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.Harness;

/// <summary>What the delivery-time example's README tells its readers to send.</summary>
internal static partial class DeliveryExample
{
    public static string Request { get; } =
        BodyOfCurl().Match(File.ReadAllText(Repository.PathOf("examples", "delivery-time", "README.md"))) is { Success: true } body
            ? body.Groups[1].Value
            : throw new InvalidOperationException("examples/delivery-time/README.md prints no curl -d '…' any more");

    [GeneratedRegex(@"\bcurl\b[^']*(?:'Content-Type: application/json')[^']*-d '([^']+)'")]
    private static partial Regex BodyOfCurl();
}
