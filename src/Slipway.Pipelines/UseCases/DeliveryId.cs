using System.Security.Cryptography;
using System.Text;

namespace Slipway.Pipelines.UseCases;

/// <summary>Names what is delivered, so that a receiver can tell a repetition from news: the same for every attempt, also after a restart.</summary>
internal static class DeliveryId
{
    /// <summary>
    /// For the rows between two positions. Both count: after a restart a source may give more rows from the same start, which is another delivery.
    /// </summary>
    public static string Of(string useCase, string? from, string to)
    {
        var named = Encoding.UTF8.GetBytes($"{useCase}\0{from}\0{to}");
        return $"{useCase}-{Convert.ToHexStringLower(SHA256.HashData(named).AsSpan(0, 12))}";
    }
}
