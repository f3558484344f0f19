using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>
/// The digest of a package: SHA-256 over one line <c>path NUL sha256 LF</c> for each file, in UTF-8 and ordinal order of the paths,
/// as <c>Slipway.Models</c> computes it for a package that has not been pushed.
/// </summary>
internal static class PackageDigest
{
    public static string Of(ImmutableArray<PackageFile> files)
    {
        var list = new StringBuilder();
        foreach (var file in files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path))) list.Append(file.Path).Append('\0').Append(file.Sha256).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString())));
    }
}
