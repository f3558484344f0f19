using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>The digest of a package: SHA-256 over one line <c>SHA256 SIZE PATH\n</c> for each file, in UTF-8, sorted by path (ordinal).</summary>
public static class PackageDigest
{
    public static string Of(ImmutableArray<PackageFile> files)
    {
        var list = new StringBuilder();
        foreach (var file in files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path)))
        {
            list.Append(file.Sha256).Append(' ').Append(file.Size.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(file.Path).Append('\n');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString())));
    }
}
