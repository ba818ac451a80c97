#!/bin/sh
# Signs the program for macOS, puts it into a disk image, and has that notarised.
#
#   packaging/macos/make_dmg.sh "Inpaint Desktop.app" IMAGE.dmg
#
# SIGN_IDENTITY is the name of a "Developer ID Application" certificate in the keychain. Without it the signature is
# one without a name, which is enough to try the program, but not for others to open it without a warning.
# NOTARY_PROFILE names credentials that "xcrun notarytool store-credentials" has put into a keychain, which is the file
# NOTARY_KEYCHAIN if that is set. Without it nothing is sent to Apple.
set -eu
app=$1
image=$2
identity=${SIGN_IDENTITY:--}
entitlements=$(dirname "$0")/entitlements.plist

sign() {
    if [ "$identity" = - ]; then
        codesign --force --sign - --entitlements "$entitlements" "$@"
    else
        codesign --force --timestamp --options runtime --sign "$identity" --entitlements "$entitlements" "$@"
    fi
}

# From the inside out: libraries and programs first, the bundle around them last.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) | while IFS= read -r file; do
    if file -b "$file" | grep -q Mach-O; then
        sign "$file"
    fi
done
sign "$app"
codesign --verify --deep --strict "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
rm -f "$image"
hdiutil create -quiet -volname "Inpaint Desktop" -srcfolder "$folder" -fs HFS+ -format ULMO "$image"

[ "$identity" = - ] || codesign --force --timestamp --sign "$identity" "$image"
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" \
        ${NOTARY_KEYCHAIN:+--keychain "$NOTARY_KEYCHAIN"} --wait
    xcrun stapler staple "$image"
fi
