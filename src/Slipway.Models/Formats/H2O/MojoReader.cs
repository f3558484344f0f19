using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>Chooses the reader of an archive's algorithm.</summary>
internal static class MojoReader
{
    /// <summary>Ensembles of ensembles of ensembles.</summary>
    private const int MaxDepth = 4;

    /// <param name="depth">Archives around this one.</param>
    /// <exception cref="ModelException">The archive is damaged.</exception>
    public static MojoModel Read(MojoArchive archive, int depth = 0)
    {
        if (depth > MaxDepth) throw new ModelException($"{archive.PathOf("model.ini")}: more than {MaxDepth} ensembles in each other");
        var info = MojoInfo.Read(archive.Read("model.ini"), archive.PathOf("model.ini"));
        var header = MojoHeader.Read(archive, info);
        if (!header.AbsentDomains.IsEmpty) return MojoModel.Unknown(header, $"[domains]: the archive has no {string.Join(", ", header.AbsentDomains)}");
        if (info.TextOrNull("endianness") == "BIG_ENDIAN") return MojoModel.Unknown(header, "endianness: the archive is of a big-endian machine");
        if (info.Int("preprocessors_count", 0) > 0) return MojoModel.Unknown(header, "preprocessors_count: rows go through a target encoder first");
        if (header.Features == 0 && header.Algorithm != "word2vec") return MojoModel.Unknown(header, "n_features: a model without columns");
        return header.Algorithm switch
        {
            "gbm" => TreeReader.Gbm(archive, info, header),
            "drf" => TreeReader.Drf(archive, info, header),
            "upliftdrf" => TreeReader.Uplift(archive, info, header),
            "isolationforest" => TreeReader.IsolationForest(archive, info, header),
            "extendedisolationforest" => ExtendedIsolationForestReader.Read(archive, info, header),
            "xgboost" => XGBoostMojoReader.Read(archive, info, header),
            "glm" => GlmReader.Read(info, header),
            "kmeans" => KMeansReader.Read(info, header),
            "deeplearning" => DeepLearningReader.Read(info, header),
            "stackedensemble" => StackedEnsembleReader.Read(archive, info, header, depth),
            "coxph" => CoxReader.Read(archive, info, header),
            "pca" => PcaReader.Read(archive, info, header),
            "svm" => SvmReader.Read(info, header),
            "word2vec" => Word2VecReader.Read(archive, info, header),
            _ => MojoModel.Unknown(header, $"algo '{header.Algorithm}' ({info.TextOrNull("algorithm")}) has no scorer here"),
        };
    }
}
