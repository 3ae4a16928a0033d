using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.S3;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy;

/// <summary>The key pair that an authorization stands for.</summary>
internal static class GrantedKeys
{
    /// <exception cref="S3Exception">The cluster may not assume the role.</exception>
    public static S3Credentials Of(CopyAuthorization authorization, CopyOptions options, string user)
    {
        if (authorization is CopyKeys keys)
        {
            return keys.Credentials;
        }

        // The only other form.
        var arns = ((CopyRole)authorization).Arns;
        if (arns.IsEmpty)
        {
            arns = (options.DefaultIamRole ?? (options.IamRoles.Count == 1 ? options.IamRoles.Keys.Single() : null)) is { } role
                ? [role]
                : throw new ServerException("XX000", "The cluster doesn't have a default IAM role associated with it");
        }

        S3Credentials? credentials = null;
        foreach (var arn in arns)
        {
            if (!options.IamRoles.TryGetValue(arn, out credentials))
            {
                var name = $"arn:aws:redshift:{options.Region}:000000000000:dbuser:{options.ClusterName}/{user}";
                throw new S3Exception($"User {name} is not authorized to assume IAM Role {arn}", "IAM Role");
            }
        }

        return credentials!;
    }
}
