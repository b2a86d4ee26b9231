# The commands of the operations runbook that the toolkit replaces, "SES識別子の作成", in its order and
# unedited. Left out are its checks of the machine, and the two blocks that set a name of its own choice:
# the profile and SES_IDENTITY come from the environment.
# shellcheck shell=bash disable=SC2002,SC2086,SC2088,SC2154,SC2155
ls ${HOME}/tmp/conf-ses
mkdir -p ${HOME}/tmp/conf-ses
cat << ETX

  0.a AWS_DEFAULT_PROFILE: actual: ${AWS_DEFAULT_PROFILE}
                           expect: <SESのフル権限が許可されているプロファイル>
  0.b AWS_DEFAULT_REGION:  actual: ${AWS_DEFAULT_REGION}
                           expect: us-west-2


  0.1 DIR_CONF:            actual: ${DIR_CONF}
                           expect: ${HOME}/tmp/conf-ses
  0.2 SES_IDENTITY:        actual: ${SES_IDENTITY}
                           expect: <ドメイン名>

ETX
cat ~/.aws/credentials \
 | grep '\[' \
 | sed 's/\[//g' | sed 's/\]//g'
export AWS_DEFAULT_REGION='us-west-2'
DIR_CONF="${HOME}/tmp/conf-ses"
cat << ETX

  0.a AWS_DEFAULT_PROFILE: actual: ${AWS_DEFAULT_PROFILE}
                           expect: <SESのフル権限が許可されているプロファイル>
  0.b AWS_DEFAULT_REGION:  actual: ${AWS_DEFAULT_REGION}
                           expect: us-west-2


  0.1 DIR_CONF:            actual: ${DIR_CONF}
                           expect: ${HOME}/tmp/conf-ses
  0.2 SES_IDENTITY:        actual: ${SES_IDENTITY}
                           expect: <ドメイン名>

ETX
ls -d ${DIR_CONF}
aws ses list-identities \
  --query "Identities[?contains(@, \`${SES_IDENTITY}\`)]"
FILE_OUTPUT="${DIR_CONF}/${SES_IDENTITY}-verify.json" \
  && echo ${FILE_OUTPUT}
cat << ETX

  SES_IDENTITY: actual: ${SES_IDENTITY}
                expect: <ドメイン名>

  FILE_OUTPUT:  actual: ${FILE_OUTPUT}
                expect: ${HOME}/tmp/conf-ses/<ドメイン名>-verify.json

ETX
aws ses verify-domain-identity \
  --domain ${SES_IDENTITY} \
  > ${FILE_OUTPUT}

cat ${FILE_OUTPUT}
aws ses list-identities \
  --query "Identities[?contains(@, \`${SES_IDENTITY}\`)]"
SES_TOKEN_VERIFY=$( \
  cat ${FILE_OUTPUT} \
    | jp.py 'VerificationToken' \
    | sed 's/"//g' \
) \
  && echo ${SES_TOKEN_VERIFY}
