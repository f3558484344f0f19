using System.Collections.Immutable;

namespace Slipway.Models.Trees.Explanations;

/// <summary>Whose the contributions are where features of a kernel's row are made of others: those made of the same are one feature to the trees, and its makers share what it adds.</summary>
/// <param name="Names">Of the features that contributions are told for.</param>
/// <param name="GroupOf">By feature of a kernel's row.</param>
/// <param name="MembersOf">By group: the features that share in equal parts; one that is there twice gets two.</param>
internal sealed record ContributionFeatures(ImmutableArray<string> Names, ImmutableArray<int> GroupOf, ImmutableArray<ImmutableArray<int>> MembersOf)
{
    /// <param name="groups">For each output a value for each group, and its bias.</param>
    /// <param name="features">For each output a value for each name, and its bias; all are written.</param>
    public void Share(ReadOnlySpan<double> groups, Span<double> features)
    {
        features.Clear();
        for (int from = 0, to = 0; from < groups.Length; from += MembersOf.Length + 1, to += Names.Length + 1)
        {
            for (var group = 0; group < MembersOf.Length; group++)
            {
                var members = MembersOf[group];
                var share = groups[from + group] / members.Length;
                foreach (var member in members) features[to + member] += share;
            }
            features[to + Names.Length] = groups[from + MembersOf.Length];
        }
    }
}
